import type { ServerResponse } from 'node:http';
import type { Exchange, HttpResponse } from './exchange';

/** Writes the response, with the request's id beside it. */
export function respond(
  exchange: Exchange,
  { body, headers, status }: HttpResponse,
  res: ServerResponse,
): void {
  headers.set('apigw-requestid', exchange.requestId);
  const bodiless = status === 204 || status === 304;
  if (!bodiless) headers.set('content-length', String(body.length));
  const grouped: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(headers.multi())) {
    grouped[name] = values.length === 1 ? values[0]! : values;
  }
  res.writeHead(status, grouped);
  res.end(bodiless || exchange.request.method === 'HEAD' ? undefined : body);
}
