import type {
  Api,
  ApiMapping,
  Authorizer,
  Deployment,
  DomainName,
  Integration,
  Route,
  Stage,
} from '@aws-sdk/client-apigatewayv2';
import type { HttpApiSnapshot } from '../../http-api/deployed';
import type { Call } from '../../kernel';
import type { Store } from '../../storage';

export type ApiRecord = Api & { ApiId: string; Name: string; CreatedDate: Date };
export type RouteRecord = Route & { RouteId: string; RouteKey: string };
export type IntegrationRecord = Integration & { IntegrationId: string };
export type AuthorizerRecord = Authorizer & { AuthorizerId: string; Name: string };
export type StageRecord = Stage & { StageName: string; CreatedDate: Date };
export type DeploymentRecord = Deployment & { DeploymentId: string; CreatedDate: Date };

export type DomainRecord = DomainName & { DomainName: string };
export type MappingRecord = ApiMapping & { ApiMappingId: string; ApiMappingKey: string };

/** The typed collections of one account and region; all but the APIs by the API's id first. */
export function collections(store: Store) {
  return {
    apis: store.collection<ApiRecord>('apis'),
    routes: store.collection<RouteRecord>('routes'),
    integrations: store.collection<IntegrationRecord>('integrations'),
    authorizers: store.collection<AuthorizerRecord>('authorizers'),
    stages: store.collection<StageRecord>('stages'),
    deployments: store.collection<DeploymentRecord>('deployments'),
    /** What deployments froze. A stage that is deployed automatically has none: it is what the API is now. */
    snapshots: store.collection<HttpApiSnapshot>('snapshots'),
  };
}

/** Custom domains of one account and region, and their mappings by the domain's name first. */
export function domainTables(store: Store) {
  return {
    domains: store.collection<DomainRecord>('domains'),
    mappings: store.collection<MappingRecord>('mappings'),
    /** Of domains with mutual TLS: another for each upload, by which those who read the truststore know it. */
    truststoreIds: store.collection<string>('truststore-ids'),
    /** PEM, up to 1 MB each. */
    truststores: store.collection<string>('truststores'),
  };
}

/** Where each custom domain lives: there is one of a name in the world. */
export function domainOwners(worldStore: Store) {
  return worldStore.collection<{ account: string; region: string }>('domain-owners');
}

export type Tables = ReturnType<typeof collections>;

export const tables = (call: Call): Tables => collections(call.store);

/** Where each API lives: ids are unique in the world, because they are host names. */
export function owners(worldStore: Store) {
  return worldStore.collection<{ account: string; region: string }>('owners');
}
