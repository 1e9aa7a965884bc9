import type { Exchange } from './exchange';
import { missingToken } from './faults';
import { methodOf } from './router';

/** Which resource and method answer. An unknown one is answered as a missing token, as AWS does. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  const match = deployed.router.match(request.path);
  const method = match && methodOf(match.resource, request.method);
  if (!match || !method) throw missingToken();
  exchange.route = { resource: match.resource, method, pathParameters: match.pathParameters };
  const resource = match.resource.path;
  exchange.log?.add(`HTTP Method: ${request.method}, Resource Path: ${resource}`);
}
