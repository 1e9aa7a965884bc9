import type {
  ApiKeySourceType,
  Authorizer,
  EndpointType,
  GatewayResponse,
  Method,
  RequestValidator,
  Stage,
} from '@aws-sdk/client-api-gateway';
import type { Host } from '../kernel';
import type { TlsIdentity } from '../network/authority';
import { compileRoutes, type Router } from './router';

/** A resource with its methods, as a deployment froze them. */
export interface DeployedResource {
  id: string;
  path: string;
  methods: Record<string, Method>;
}

/** All of an API that a request's way depends on: what CreateDeployment freezes. */
export interface ApiSnapshot {
  apiId: string;
  name: string;
  binaryMediaTypes: string[];
  minimumCompressionSize?: number;
  disableExecuteApiEndpoint: boolean;
  /** Deployments of long ago have none: they are public. */
  endpointType?: EndpointType | undefined;
  /** Where the API key of a request is: in its header unless said otherwise. */
  apiKeySource?: ApiKeySourceType;
  /** Who may call it; everybody if left out. */
  policy?: string | undefined;
  resources: DeployedResource[];
  /** Model name to JSON schema. */
  models: Record<string, string>;
  validators: Record<string, RequestValidator>;
  /** By their ids; deployments of long ago have none. */
  authorizers?: Record<string, Authorizer>;
  /** Only those that were customised. */
  gatewayResponses: Record<string, GatewayResponse>;
}

export interface StageRecord {
  account: string;
  region: string;
  stage: Stage;
  snapshot: ApiSnapshot;
  /** The VPC endpoints that a private API is associated with now. */
  vpcEndpointIds?: readonly string[] | undefined;
  /** What it shows HTTP endpoints that ask who calls. */
  identity?: TlsIdentity;
  /** What the stage's canary has deployed. */
  canary?: ApiSnapshot;
}

/** A stage ready to be called: its snapshot compiled once. */
export interface Deployed extends Omit<StageRecord, 'canary'> {
  /** The stage as its canary has it, and which share of the requests it takes. */
  canary?: { deployed: Deployed; percent: number };
  /** Whether this is a canary. */
  isCanary: boolean;
  router: Router;
  /** Things compiled from the snapshot on first use (validators, templates), by a name of their user's choice. */
  compiled: Map<string, unknown>;
}

/** Where stages come from: service apigateway attaches itself when it starts. */
export type StageSource = (apiId: string, stageName: string) => StageRecord | undefined;

/** The compiled stages of this process. */
export class DeployedApis {
  #source: StageSource | undefined;
  #stages = new Map<string, Deployed>();

  attach(source: StageSource): void {
    this.#source = source;
  }

  /** A stage that has been called before: known at once. */
  known(apiId: string, stageName: string): Deployed | undefined {
    return this.#stages.get(`${apiId}/${stageName}`);
  }

  async find(host: Host, apiId: string, stageName: string): Promise<Deployed | undefined> {
    const known = this.known(apiId, stageName);
    if (known) return known;
    const key = `${apiId}/${stageName}`;
    if (!this.#source) {
      // The service attaches its source when its first operation is called, after a restart it is this one.
      await host.invoke(
        'apigateway',
        'GetAccount',
        {},
        { as: host.parts.identity.servicePrincipal('apigateway.amazonaws.com', '000000000000') },
      );
    }
    const record = this.#source?.(apiId, stageName);
    if (!record) return undefined;
    const deployed = compile(record);
    this.#stages.set(key, deployed);
    return deployed;
  }

  /** Forgets what was compiled of an API: after a deployment, a change of a stage or a deletion. */
  invalidate(apiId: string): void {
    for (const key of this.#stages.keys()) {
      if (key.startsWith(`${apiId}/`)) this.#stages.delete(key);
    }
  }
}

export function compile({ canary, ...record }: StageRecord): Deployed {
  const settings = record.stage.canarySettings;
  return {
    ...compiled(record, false),
    ...(canary && settings
      ? {
          canary: {
            percent: settings.percentTraffic ?? 0,
            deployed: compiled(
              {
                ...record,
                snapshot: canary,
                stage: {
                  ...record.stage,
                  deploymentId: settings.deploymentId,
                  variables: { ...record.stage.variables, ...settings.stageVariableOverrides },
                },
              },
              true,
            ),
          },
        }
      : {}),
  };
}

const compiled = (record: Omit<StageRecord, 'canary'>, isCanary: boolean): Deployed => ({
  ...record,
  isCanary,
  router: compileRoutes(record.snapshot.resources),
  compiled: new Map(),
});

/** Who answers this request: the stage, or its canary for the share of requests that it takes. */
export function chosen(host: Host, deployed: Deployed): Deployed {
  const { canary } = deployed;
  if (!canary) return deployed;
  const drawn = Number.parseInt(host.ids.hex(8), 16) / 2 ** 32;
  return drawn * 100 < canary.percent ? canary.deployed : deployed;
}

export function deployedApis(host: Host): DeployedApis {
  return host.memo('execute-api.deployed', () => new DeployedApis());
}

/** What `make` gives, once per compiled stage. */
export function compiledOnce<T>(deployed: Deployed, name: string, make: () => T): T {
  if (!deployed.compiled.has(name)) deployed.compiled.set(name, make());
  return deployed.compiled.get(name) as T;
}
