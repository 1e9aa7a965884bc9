import type {
  Authorizer,
  ClientCertificate,
  Deployment,
  DocumentationPart,
  DocumentationVersion,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  VpcLink,
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

/** A version keeps the parts as they were. */
export type DocumentationVersionRecord = DocumentationVersion & {
  version: string;
  createdDate: Date;
  parts: DocumentationPart[];
};

/** With its private key. */
export type ClientCertificateRecord = ClientCertificate & {
  clientCertificateId: string;
  pemEncodedCertificate: string;
  key: string;
};

/** What a stage shows endpoints. */
export const identityOf = ({ key, pemEncodedCertificate: cert }: ClientCertificateRecord) => ({ key, cert });

export type VpcLinkRecord = VpcLink & { id: string; name: string };

export interface AccountRecord {
  cloudwatchRoleArn?: string;
}

export type AuthorizerRecord = Authorizer & { id: string; name: string };

/** The typed collections of one account and region. */
export function collections(store: Store) {
  return {
    apis: store.collection<ApiRecord>('apis'),
    resources: store.collection<ResourceRecord>('resources'),
    models: store.collection<Model & { name: string }>('models'),
    authorizers: store.collection<AuthorizerRecord>('authorizers'),
    validators: store.collection<RequestValidator & { id: string }>('validators'),
    gatewayResponses: store.collection<GatewayResponse>('gateway-responses'),
    deployments: store.collection<DeploymentRecord>('deployments'),
    snapshots: store.collection<ApiSnapshot>('snapshots'),
    stages: store.collection<StageRecord>('stages'),
    documentationParts: store.collection<DocumentationPart & { id: string }>('documentation-parts'),
    documentationVersions: store.collection<DocumentationVersionRecord>('documentation-versions'),
    clientCertificates: store.collection<ClientCertificateRecord>('client-certificates', { sealed: true }),
    vpcLinks: store.collection<VpcLinkRecord>('vpc-links'),
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
