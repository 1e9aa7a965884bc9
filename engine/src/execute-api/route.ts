import type { ApiRequest, Exchange } from './exchange';
import { badPath, missingToken, noSignature } from './faults';
import { methodOf } from './router';

/** Which resource and method answer. An unknown one is answered as a missing token, as AWS does. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  if (/%(?![0-9A-Fa-f]{2})/.test(request.path)) throw badPath();
  const match = deployed.router.match(request.path);
  const method = match && methodOf(match.resource, request.method);
  if (!match || !method) throw unknownRoute(request);
  exchange.route = { resource: match.resource, method, pathParameters: match.pathParameters };
}

/** AWS reads the Authorization of what it does not know as a signature. */
function unknownRoute({ headers }: ApiRequest) {
  const authorization = headers.get('authorization');
  return authorization && !authorization.startsWith('AWS4-') ? noSignature(authorization) : missingToken();
}
