import type { Authorizer, Integration } from '@aws-sdk/client-apigatewayv2';
import type { HeaderList } from '../execute-api/headers';
import type { TlsClient } from '../execute-api/truststores/client';
import type { Host, Principal } from '../kernel';
import type { Deployed } from './deployed';
import type { Match } from './router';

export interface HttpRequest {
  method: string;
  /** Behind the stage, still encoded. */
  path: string;
  /** The path with the stage, where that has a name, decoded: what functions are told. */
  rawPath: string;
  /** As it was sent. */
  url: string;
  rawQuery: string;
  /** Decoded, in order. */
  query: readonly [name: string, value: string][];
  headers: HeaderList;
  body: Buffer;
  sourceIp: string;
  /** `HTTP/1.1` */
  protocol: string;
  domainName: string;
  /** The key of the custom domain's mapping that led here. */
  basePath: string | undefined;
  /** Who showed a certificate, of a custom domain with mutual TLS. */
  tlsClient: TlsClient | undefined;
}

export interface HttpResponse {
  status: number;
  headers: HeaderList;
  body: Buffer;
}

/** What an authorizer found out of the caller. */
export type Authorized =
  | { by: 'jwt'; claims: Record<string, string>; scopes: string[] | null }
  | { by: 'lambda'; context: Record<string, unknown>; principalId?: string }
  | { by: 'iam'; principal: Principal };

/** One request on its way through the stages of the path. */
export interface Exchange {
  readonly host: Host;
  readonly deployed: Deployed;
  readonly request: HttpRequest;
  readonly requestId: string;
  /** `Root=1-…` */
  readonly trace: string;
  readonly startedAt: number;
  /** The stages of the path that it went through, with the milliseconds it waited in them. */
  readonly steps: [name: string, millis: number][];
  /** Set by the stage `route`; left out where the request asks what a browser may do, of a path that no route takes. */
  match?: Match;
  authorized?: Authorized;
  /** What access logs tell of the authorizer and the integration. */
  authorizerError?: string;
  integration?: { status?: number; latency?: number; error?: string; requestId?: string };
  error?: { message: string; type: string };
  /** Ends the way: the stages behind the one that sets it are left out. */
  response?: HttpResponse;
}

/** A stage of the path. It goes on by returning and ends the way by throwing a Fault or setting the response. */
export type Stage = (exchange: Exchange) => void | Promise<void>;

/** The route, which every stage behind `route` may rely on. */
export function matchOf(exchange: Exchange): Match {
  if (!exchange.match) throw new Error('no route yet: the stages are in the wrong order');
  return exchange.match;
}

export function integrationOf(exchange: Exchange): Integration | undefined {
  const id = matchOf(exchange).route.Target?.split('/')[1];
  return id === undefined ? undefined : exchange.deployed.snapshot.integrations[id];
}

export function authorizerOf(exchange: Exchange): Authorizer | undefined {
  return exchange.deployed.snapshot.authorizers[matchOf(exchange).route.AuthorizerId ?? ''];
}
