import type { Exchange } from './exchange';
import { badPath, missingToken } from './faults';
import { methodOf } from './router';

/** Which resource and method answer. An unknown one is answered as a missing token, as AWS does. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  if (/%(?![0-9A-Fa-f]{2})/.test(request.path)) throw badPath();
  const match = deployed.router.match(request.path);
  const method = match && methodOf(match.resource, request.method);
  if (!match || !method) throw missingToken();
  exchange.route = { resource: match.resource, method, pathParameters: match.pathParameters };
}
