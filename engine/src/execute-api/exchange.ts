import type { Method } from '@aws-sdk/client-api-gateway';
import type { Host, Principal } from '../kernel';
import type { Deployed, DeployedResource } from './deployed';
import type { HeaderList } from './headers';
import type { ExecutionLog } from './log';
import type { Client } from './usage-plans';

export interface ApiRequest {
  method: string;
  /** Behind the stage, still encoded, beginning with one slash. */
  path: string;
  /** As `requestContext.path` shows it: with the stage. */
  stagePath: string;
  headers: HeaderList;
  /** Decoded, in order. */
  query: readonly [name: string, value: string][];
  body: Buffer;
  sourceIp: string;
  /** `HTTP/1.1` */
  protocol: string;
  domainName: string;
}

export interface Route {
  resource: DeployedResource;
  method: Method;
  pathParameters: Record<string, string>;
}

export interface ApiResponse {
  status: number;
  headers: HeaderList;
  body: Buffer;
}

/** What an authorizer said of the caller. */
export interface Authorized {
  principalId?: string;
  /** The API key that counts, where the API takes it from the authorizer. */
  usageIdentifierKey?: string;
}

/** One request on its way through the stages of the path. */
export interface Exchange {
  readonly host: Host;
  readonly deployed: Deployed;
  readonly request: ApiRequest;
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** `Root=1-…;Parent=…;Sampled=…` */
  readonly trace: string;
  readonly startedAt: number;
  readonly log: ExecutionLog | undefined;
  /** Who runs a test of the method (TestInvokeMethod); absent for requests from outside. */
  readonly testedBy: Principal | undefined;
  /** Set by the stage `route`. */
  route?: Route;
  /** Set by the stage `authorize`, of a Lambda authorizer. */
  authorizer?: Authorized;
  /** Set by the stage `apiKey` where a method asks for one. */
  client?: Client;
  /** Who signed the request, where the method is authorized by IAM. */
  caller?: Principal;
  /** Set by the stage `integrate`. */
  response?: ApiResponse;
  /** What went wrong, for `$context.error`. */
  error?: { message: string; type: string; validation?: string };
}

/** A stage of the path. It goes on by returning and ends the way by throwing a Fault. */
export type Stage = (exchange: Exchange) => void | Promise<void>;

/** The route, which every stage behind `route` may rely on. */
export function routeOf(exchange: Exchange): Route {
  if (!exchange.route) throw new Error('no route yet: the stages are in the wrong order');
  return exchange.route;
}
