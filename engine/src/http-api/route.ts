import { isPreflight } from './cors';
import type { Exchange } from './exchange';
import { badRequest, notFound } from './faults';

/** Which route takes the request. A browser's question is answered without one, too. */
export function route(exchange: Exchange): void {
  const { deployed, request } = exchange;
  let match: Exchange['match'];
  try {
    match = deployed.router.match(request.method, request.path);
  } catch {
    // A path that cannot be decoded.
    throw badRequest();
  }
  if (match) exchange.match = match;
  else if (!isPreflight(exchange)) throw notFound();
}
