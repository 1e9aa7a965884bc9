import type {
  Deployment,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
} from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../../execute-api/deployed';
import type { Call } from '../../kernel';
import type { Store } from '../../storage';

export type ApiRecord = RestApi & { id: string; name: string; rootResourceId: string; createdDate: Date };

export interface ResourceRecord {
  id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  methods: Record<string, Method>;
}

export type StageRecord = Stage & { stageName: string; deploymentId: string };
export type DeploymentRecord = Deployment & { id: string; createdDate: Date };

export interface AccountRecord {
  cloudwatchRoleArn?: string;
}

/** The typed collections of one account and region. */
export function collections(store: Store) {
  return {
    apis: store.collection<ApiRecord>('apis'),
    resources: store.collection<ResourceRecord>('resources'),
    models: store.collection<Model & { name: string }>('models'),
    validators: store.collection<RequestValidator & { id: string }>('validators'),
    gatewayResponses: store.collection<GatewayResponse>('gateway-responses'),
    deployments: store.collection<DeploymentRecord>('deployments'),
    snapshots: store.collection<ApiSnapshot>('snapshots'),
    stages: store.collection<StageRecord>('stages'),
    account: store.collection<AccountRecord>('account'),
  };
}

export type Tables = ReturnType<typeof collections>;

export function tables(call: Call): Tables {
  return collections(call.store);
}

/** Where each API lives: ids are unique in the world, because they are host names. */
export function owners(worldStore: Store) {
  return worldStore.collection<{ account: string; region: string }>('owners');
}
