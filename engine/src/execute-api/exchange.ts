import type { Readable } from 'node:stream';
import type { Method } from '@aws-sdk/client-api-gateway';
import type { Host, Principal } from '../kernel';
import type { Door } from '../network';
import type { Deployed, DeployedResource } from './deployed';
import type { HeaderList } from './headers';
import type { Client } from './limits/usage-plans';
import type { ExecutionLog } from './log';
import type { Tracing } from './tracing';
import type { TlsClient } from './truststores/client';

export interface CameBy extends Door {
  /** The endpoint that the API's name named along with it. */
  alias?: string;
  /** The private custom domain that it was called by. */
  domain?: { arn: string; policy: string };
}

export interface ApiRequest {
  method: string;
  /** The one that came over HTTP, where a header chose another. */
  sentMethod?: string;
  /** Behind the stage, still encoded, beginning with one slash. */
  path: string;
  /** As `requestContext.path` shows it: with the stage. */
  stagePath: string;
  /** Of a custom domain: what of the path chose the API, `/v1`. Functions see it. */
  basePath?: string;
  headers: HeaderList;
  /** Decoded, in order. */
  query: readonly [name: string, value: string][];
  body: Buffer;
  sourceIp: string;
  /** `HTTP/1.1` */
  protocol: string;
  domainName: string;
  /** Who showed a certificate, of a custom domain with mutual TLS. */
  tlsClient?: TlsClient;
  /** The VPC endpoint it came by. */
  endpoint?: CameBy;
  /** Path and query as they came over HTTP: what signatures are made over. */
  url?: string;
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
  /** In place of the body, where the integration streams it. */
  stream?: Readable;
}

/** What an authorizer said of the caller. */
export interface Authorized {
  principalId?: string;
  /** The API key that counts, where the API takes it from the authorizer. */
  usageIdentifierKey?: string;
  /** What a Lambda authorizer tells those behind it; all of it is text to them. */
  context?: Readonly<Record<string, string>>;
  /** What a user pool's token says, likewise. */
  claims?: Readonly<Record<string, string>>;
  /** Milliseconds that the authorizer's function took: 0 where its answer was remembered. */
  integrationLatency?: number;
}

/** How the way to what is behind the method went. */
export interface IntegrationRun {
  /** Milliseconds. */
  latency: number;
  /** What the endpoint answered: Lambda's own status, where a function is behind it. */
  endpointStatus?: number;
  /** What that came to: the function's status. */
  status?: number;
  requestId?: string;
  /** S3's second id of a request. */
  requestId2?: string;
  error?: string;
  /** Of a streamed response: milliseconds until it began. */
  timeToAllHeaders?: number;
  /** And until its body did. */
  timeToFirstContent?: number;
}

/** What the stage's web ACL said of a request. */
export interface WafRun {
  arn: string;
  /** Milliseconds. */
  latency: number;
  /** Left out where it could not be asked. */
  responseCode?: 'WAF_ALLOW' | 'WAF_BLOCK';
  status: number;
  error?: string;
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
  /** Where X-Ray is told of it. */
  readonly tracing?: Tracing;
  readonly startedAt: number;
  readonly log: ExecutionLog | undefined;
  /** Who runs a test of the method (TestInvokeMethod); absent for requests from outside. */
  readonly testedBy: Principal | undefined;
  /** Variables of the context that a test of an authorizer says, by their paths. */
  testContext?: Readonly<Record<string, string>>;
  /** The stages that it went through, with the milliseconds of each. */
  readonly steps: [stage: string, millis: number][];
  /** Set by the stage `waf`, where the API's stage has a web ACL. */
  waf?: WafRun;
  /** Set by the stage `route`. */
  route?: Route;
  /** Set by the stage `authorize`, of a Lambda authorizer or a user pool's. */
  authorizer?: Authorized;
  /** Set by the stage `apiKey` where a method asks for one. */
  client?: Client;
  /** Who signed the request, where the method is authorized by IAM. */
  caller?: Principal;
  /** Set where something behind the method was called. */
  integration?: IntegrationRun;
  /** Set by the stage `cache`, where the method's responses are cached. */
  cacheStatus?: 'hit' | 'miss';
  /** Puts the response that the stage `integrate` is about to bring into the stage's cache. */
  keep?: (response: ApiResponse) => void;
  /** Whether the caller is warned that the wish for a fresh response was ignored. */
  cacheWarning?: boolean;
  /** Set by the stage `cache`, else by `integrate`. */
  response?: ApiResponse;
  /** What really went wrong, for whoever looks at logs. */
  reason?: string;
  /** What went wrong, for `$context.error`. */
  error?: { message: string | null; type: string; validation?: string };
}

/** A stage of the path. It goes on by returning and ends the way by throwing a Fault. */
export type Stage = (exchange: Exchange) => void | Promise<void>;

/** The route, which every stage behind `route` may rely on. */
export function routeOf(exchange: Exchange): Route {
  if (!exchange.route) throw new Error('no route yet: the stages are in the wrong order');
  return exchange.route;
}
