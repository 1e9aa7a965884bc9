import type { Exchange } from './exchange';
import { badPath, missingToken } from './faults';
import { type ExecutionLog, javaMap } from './log';
import { methodOf } from './router';

/** Which resource and method answer. An unknown one is answered as a missing token, as AWS does. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  if (/%(?![0-9A-Fa-f]{2})/.test(request.path)) throw badPath();
  const match = deployed.router.match(request.path);
  const method = match && methodOf(match.resource, request.method);
  if (!match || !method) throw missingToken();
  exchange.route = { resource: match.resource, method, pathParameters: match.pathParameters };
  if (exchange.log) logRequest(exchange, exchange.log);
}

function logRequest({ request, route }: Exchange, log: ExecutionLog): void {
  log.add(`HTTP Method: ${request.method}, Resource Path: ${request.path}`);
  log.add(`Method request path: ${javaMap(route?.pathParameters ?? {})}`);
  log.add(`Method request query string: ${javaMap(Object.fromEntries(request.query))}`);
  log.add(`Method request headers: ${javaMap(request.headers.single())}`);
  log.add(`Method request body before transformations: ${request.body.toString('utf8')}`);
}
