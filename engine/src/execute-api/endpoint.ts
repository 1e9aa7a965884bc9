import type { Exchange } from './exchange';
import { forbidden } from './faults';

/** An API may be closed for its default endpoint, so that only custom domains reach it. */
export function endpoint(exchange: Exchange): void {
  const { apiId, disableExecuteApiEndpoint } = exchange.deployed.snapshot;
  if (!disableExecuteApiEndpoint) return;
  if (exchange.request.domainName.startsWith(`${apiId}.execute-api.`)) throw forbidden();
}
