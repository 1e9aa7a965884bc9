import type { Exchange } from './exchange';
import { forbidden } from './faults';

/** An API may be closed for its default endpoint, so that only custom domains reach it. */
export function endpoint(exchange: Exchange): void {
  if (exchange.deployed.snapshot.disableExecuteApiEndpoint) throw forbidden();
}
