import type { Authorizer, Cors, Integration, Route, Stage } from '@aws-sdk/client-apigatewayv2';
import type { Host } from '../kernel';
import type { Measures } from './metrics';
import { compileRoutes, type Router } from './router';

/** All of an API that a request's way depends on, as it was deployed. */
export interface HttpApiSnapshot {
  apiId: string;
  name: string;
  cors?: Cors;
  routes: Route[];
  /** By id. */
  integrations: Record<string, Integration>;
  authorizers: Record<string, Authorizer>;
}

export interface HttpStageRecord {
  stage: Stage & { StageName: string };
  snapshot: HttpApiSnapshot;
}

/** An API and its stages, as the service apigatewayv2 knows them. */
export interface HttpApiRecord {
  account: string;
  region: string;
  /** Only custom domains reach it. */
  closed: boolean;
  stages: HttpStageRecord[];
}

/** A stage ready to be called: its snapshot compiled once. */
export interface Deployed extends HttpStageRecord {
  account: string;
  region: string;
  router: Router;
  /** Series of metrics, made when first needed, by what they are told by. */
  series: Map<string, Measures>;
}

/** An API ready to be called. */
export interface DeployedApi {
  account: string;
  region: string;
  closed: boolean;
  stages: ReadonlyMap<string, Deployed>;
}

export type HttpApiSource = (apiId: string) => HttpApiRecord | undefined;

/** The compiled APIs of this process. */
export class HttpApis {
  #source: HttpApiSource | undefined;
  #apis = new Map<string, DeployedApi>();

  /** Service apigatewayv2 attaches itself when it starts. */
  attach(source: HttpApiSource): void {
    this.#source = source;
  }

  async find(host: Host, apiId: string): Promise<DeployedApi | undefined> {
    const known = this.#apis.get(apiId);
    if (known) return known;
    if (!this.#source) {
      // After a restart nobody may have called the service yet.
      await host.invoke('apigatewayv2', 'GetApis', {}, { as: host.parts.identity.root('000000000000') });
    }
    const record = this.#source?.(apiId);
    if (!record) return undefined;
    const { account, region, closed } = record;
    const stages = record.stages.map(({ stage, snapshot }): [string, Deployed] => [
      stage.StageName,
      { account, region, stage, snapshot, router: compileRoutes(snapshot.routes), series: new Map() },
    ]);
    const deployed = { account, region, closed, stages: new Map(stages) };
    this.#apis.set(apiId, deployed);
    return deployed;
  }

  /** Forgets what was compiled of an API, after any change of it. */
  invalidate(apiId: string): void {
    this.#apis.delete(apiId);
  }
}

export function httpApis(host: Host): HttpApis {
  return host.memo('http-api.deployed', () => new HttpApis());
}
