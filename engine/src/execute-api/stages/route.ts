import type { ApiRequest, Exchange } from '../exchange';
import { badPath, missingToken, noSignature } from '../faults';
import { methodOf } from '../router';

/** Which resource and method answer. An unknown one is answered as a missing token, as AWS does. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  if (isMalformed(request)) throw badPath();
  if (!exchange.testedBy) overrideMethod(request);
  const match = deployed.router.match(request.path);
  const method = match && methodOf(match.resource, request.method);
  if (!match || !method) throw unknownRoute(request);
  exchange.route = { resource: match.resource, method, pathParameters: match.pathParameters };
}

const BAD_ENCODING = /%(?![0-9A-Fa-f]{2})/;

/**
 * Pipes and curly braces must be encoded in a query; what is no encoding is refused everywhere.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis
 */
function isMalformed({ path, url = '' }: ApiRequest): boolean {
  if (BAD_ENCODING.test(path)) return true;
  const cut = url.indexOf('?');
  const query = cut < 0 ? '' : url.slice(cut + 1);
  return /[|{}]/.test(query) || BAD_ENCODING.test(query);
}

/** On the same page: "API Gateway overrides the method". */
function overrideMethod(request: ApiRequest): void {
  const method = request.headers.get('x-http-method-override');
  if (!method) return;
  request.sentMethod = request.method;
  request.method = method.toUpperCase();
}

/** AWS reads the Authorization of what it does not know as a signature. */
function unknownRoute({ headers }: ApiRequest) {
  const authorization = headers.get('authorization');
  return authorization && !authorization.startsWith('AWS4-') ? noSignature(authorization) : missingToken();
}
