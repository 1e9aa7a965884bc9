import type { Exchange } from '../exchange';
import { javaMap } from '../log';

/** The request passed the door: what is logged of it begins here, behind what authorizers and usage plans say. */
export function started({ log, request, requestId, route }: Exchange): void {
  if (!log) return;
  log.add(`Starting execution for request: ${requestId}`);
  log.add(`HTTP Method: ${request.method}, Resource Path: ${request.path}`);
  log.add(`Method request path: ${javaMap(route?.pathParameters ?? {})}`);
  log.add(`Method request query string: ${javaMap(Object.fromEntries(request.query))}`);
  log.add(`Method request headers: ${javaMap(request.headers.single())}`);
  log.add(`Method request body before transformations: ${request.body.toString('utf8')}`);
}
