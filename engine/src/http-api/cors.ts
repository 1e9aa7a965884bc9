import type { Cors } from '@aws-sdk/client-apigatewayv2';
import { HeaderList } from '../execute-api/headers';
import type { Exchange, HttpResponse } from './exchange';

/** A browser that asks what it may do, of an API that answers such questions. */
export function isPreflight({ deployed, request }: Exchange): boolean {
  return (
    deployed.snapshot.cors !== undefined &&
    request.method === 'OPTIONS' &&
    request.headers.has('origin') &&
    request.headers.has('access-control-request-method')
  );
}

/**
 * API Gateway answers preflight requests itself: nothing behind a route is asked. A route that takes OPTIONS as well
 * (ANY, $default) still has its authorizer, which is why this is behind it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function preflight(exchange: Exchange): void {
  const { cors } = exchange.deployed.snapshot;
  if (!cors || !isPreflight(exchange)) return;
  const headers = new HeaderList();
  const origin = allowedOrigin(cors, exchange.request.headers.get('origin') ?? '');
  if (origin !== undefined) {
    headers.append('access-control-allow-origin', origin);
    if (cors.AllowCredentials) headers.append('access-control-allow-credentials', 'true');
    const lists = [
      ['access-control-allow-methods', cors.AllowMethods],
      ['access-control-allow-headers', cors.AllowHeaders],
      ['access-control-expose-headers', cors.ExposeHeaders],
    ] as const;
    for (const [name, list] of lists) if (list?.length) headers.append(name, list.join(','));
    if (cors.MaxAge !== undefined) headers.append('access-control-max-age', String(cors.MaxAge));
  }
  exchange.response = { status: 204, headers, body: Buffer.alloc(0) };
}

/** What a browser is told beside an answer; what the backend says of it is left out. */
export function addCors({ deployed, request }: Exchange, response: HttpResponse): void {
  const { cors } = deployed.snapshot;
  if (!cors || response.headers.has('access-control-allow-methods')) return;
  for (const name of [...Object.keys(response.headers.single())]) {
    if (name.toLowerCase().startsWith('access-control-')) response.headers.remove(name);
  }
  const given = request.headers.get('origin');
  const origin = given === undefined ? undefined : allowedOrigin(cors, given);
  if (origin === undefined) return;
  response.headers.append('access-control-allow-origin', origin);
  if (cors.AllowCredentials) response.headers.append('access-control-allow-credentials', 'true');
  if (cors.ExposeHeaders?.length)
    response.headers.append('access-control-expose-headers', cors.ExposeHeaders.join(','));
}

function allowedOrigin({ AllowOrigins = [] }: Cors, origin: string): string | undefined {
  if (AllowOrigins.includes('*')) return '*';
  const allowed = AllowOrigins.some(
    (one) => one === origin || (/^https?:\/\/\*$/.test(one) && origin.startsWith(one.slice(0, -1))),
  );
  return allowed ? origin : undefined;
}
