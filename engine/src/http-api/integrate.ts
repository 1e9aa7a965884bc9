import { type Exchange, integrationOf } from './exchange';
import { Fault, internalError, unavailable } from './faults';
import { httpProxy } from './integrations/http-proxy';
import { lambdaProxy } from './integrations/lambda';
import { mapResponse } from './response-mapping';

/** Hands the request to what is behind the route, for as long as the integration's timeout allows. */
export async function integrate(exchange: Exchange): Promise<void> {
  const integration = integrationOf(exchange);
  if (!integration) throw internalError('the route has no integration');
  const { clock } = exchange.host;
  const sentAt = clock.millis();
  exchange.integration = {};
  let cancel = () => {};
  const timeout = new Promise<never>((_resolve, reject) => {
    const late = () => reject(unavailable('Endpoint request timed out'));
    cancel = clock.after(integration.TimeoutInMillis ?? 30_000, late);
  });
  const run = integration.IntegrationType === 'AWS_PROXY' ? lambdaProxy : httpProxy;
  try {
    const response = await Promise.race([run(exchange, integration), timeout]);
    exchange.integration.status ??= response.status;
    exchange.response = mapResponse(exchange, integration, response);
  } catch (error) {
    if (error instanceof Fault && error.reason !== undefined) exchange.integration.error = error.reason;
    throw error;
  } finally {
    cancel();
    exchange.integration.latency = clock.millis() - sentAt;
  }
}
