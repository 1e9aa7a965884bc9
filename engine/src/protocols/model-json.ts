/** The files in models/: what scripts/generate-models.ts writes and model.ts reads. Short keys: EC2 has 700 operations. */

export type ProtocolName =
  | 'awsJson1_0'
  | 'awsJson1_1'
  | 'restJson1'
  | 'restXml'
  | 'awsQuery'
  | 'ec2Query'
  | 'rpcv2Cbor';

export interface ServiceJson {
  /** All the protocols the service speaks; the first is what the SDK uses. */
  protocols: ProtocolName[];
  serviceId: string;
  signingName: string;
  endpointPrefix: string;
  apiVersion: string;
  /** What X-Amz-Target says before the operation's name. */
  targetPrefix: string;
}

export interface MemberJson {
  /** A shape's id, or a built-in type in lower case. */
  s: string;
  in?: 'label' | 'header' | 'query' | 'prefix' | 'queryMap' | 'status' | 'payload';
  /** Its name there. */
  as?: string;
  json?: string;
  xml?: string;
  ec2?: string;
  flat?: 1;
  attr?: 1;
  ns?: [string, string] | string;
  /** An idempotency token: SDKs fill it in. */
  token?: 1;
  event?: 'payload' | 'header';
  stream?: 1;
}

export interface ShapeJson {
  type: string;
  members?: Record<string, string | MemberJson>;
  required?: string[];
  member?: string | MemberJson;
  key?: string | MemberJson;
  value?: string | MemberJson;
  sparse?: 1;
  min?: number;
  max?: number;
  pattern?: string;
  enum?: string[];
  sensitive?: 1;
  streaming?: 1;
  media?: string;
  xml?: string;
  ns?: [string, string] | string;
  /** Errors only. */
  fault?: 'client' | 'server';
  status?: number;
  /** The error's code and status in the query protocol. */
  query?: [string, number];
}

export interface OperationJson {
  /** '' where there is none. */
  input: string;
  output: string;
  http?: [method: string, uri: string, status: number];
  errors?: string[];
  hostPrefix?: string;
}

export interface ModelJson extends ServiceJson {
  /** Smithy's namespace, as in `com.amazonaws.dynamodb`. */
  namespace: string;
  xmlNamespace?: string;
  /** Errors carry their awsQuery code in a header, for clients that knew the service by its query protocol. */
  queryCompatible?: 1;
  operations: Record<string, OperationJson>;
  /** Ids of the error shapes. */
  errors: string[];
  shapes: Record<string, ShapeJson>;
}
