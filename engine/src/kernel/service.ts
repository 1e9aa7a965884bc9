import type { Readable } from 'node:stream';
import type { Store } from '../storage';
import type { Access, PrincipalPolicies } from './access';
import type { Call, Principal, PrincipalNetwork } from './call';
import type { Host } from './host';
import type { Operations, ServiceName } from './operations';
import type { ResourceProvider } from './resource';

/** A service as its folder's index.ts exports it. */
export interface Service<S extends ServiceName = ServiceName> {
  name: S;
  operations: Operations<S>;
  /** What each of its operations needs of its caller's policies. */
  access?: () => Promise<Access<S>>;
  /**
   * The account whose state an operation is about, where its input names another one's resource. The caller stays who
   * it is, and is held against the resource's policy.
   */
  accountOf?(operation: string, input: object): string | undefined;
  /** IAM's: the policies that decide what a principal may do. `call` is one of the principal's account. */
  policiesOf?(principal: Principal, call: Call): PrincipalPolicies;
  /** EC2's: the VPC endpoint by which requests from a place in a VPC reach a service. `call` is one of that place. */
  endpointFor?(network: PrincipalNetwork, service: string, call: Call): VpcEndpoint | undefined;
  /** EC2's: the interface endpoints of a service that a place in a VPC finds by their names. */
  endpointsFrom?(network: PrincipalNetwork, service: string, call: Call): SeenEndpoint[];
  /** EC2's: a VPC endpoint as it is now. */
  endpoint?(id: string, call: Call): VpcEndpoint | undefined;
  /** Its CloudFormation types; loaded only when a stack uses one. */
  resources?: () => Promise<readonly ResourceProvider[]>;
  /**
   * Called once, before the service's first call. `store(account, region)` opens the service's state of any
   * scope ('-' stands for "all" as in Call.accountStore and Call.worldStore); use it to bring back what ran
   * before a restart.
   */
  start?(host: Host, stores: ServiceStores): void | Promise<void>;
  /**
   * Answers requests at the service's door that are no operation of its API (S3's preflight requests and browser
   * forms). Undefined leaves a request refused.
   */
  beyond?(request: BeyondRequest, call: Call): Promise<BeyondAnswer | undefined>;
  /** The ids of all blobs that its state refers to: an engine that follows a killed one removes the others. */
  blobs?(stores: ServiceStores): Iterable<string>;
  /** Called when the engine stops: end processes and timers. State is safe already. */
  stop?(host: Host): void | Promise<void>;
}

/** https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html */
export interface VpcEndpoint {
  id: string;
  vpc: string;
  /** Its policy; left out where it lets everything through. */
  policy?: string;
}

/** What the DNS of a VPC and security groups make of an endpoint. */
export interface SeenEndpoint {
  id: string;
  /** Names that lead to it; `*` stands for what is before the first dot, or before the endpoint's id. */
  names: readonly string[];
  /** Whether security groups let connections through. */
  reachable: boolean;
}

export interface BeyondRequest {
  /** Raw path, in path style; the rest is in the call's http. */
  path: string;
  body: Readable;
}

export interface BeyondAnswer {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

export interface ServiceStores {
  of(account: string, region: string): Store;
  /** Every (account, region) in which this service has state. */
  scopes(): { account: string; region: string }[];
}

export function defineService<S extends ServiceName>(service: Service<S>): Service<S> {
  return service;
}
