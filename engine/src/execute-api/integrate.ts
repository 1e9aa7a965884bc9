import type { ApiResponse, Exchange } from './exchange';
import { routeOf } from './exchange';
import { Fault, misconfigured, timedOut } from './faults';
import { aws } from './integrations/aws';
import { http } from './integrations/http';
import { httpProxy } from './integrations/http-proxy';
import { lambdaProxy } from './integrations/lambda-proxy';
import { mock } from './integrations/mock';

const INTEGRATIONS: Readonly<Record<string, (exchange: Exchange) => ApiResponse | Promise<ApiResponse>>> = {
  AWS: aws,
  AWS_PROXY: lambdaProxy,
  HTTP: http,
  HTTP_PROXY: httpProxy,
  MOCK: mock,
};

/** Hands the request to what is behind the method, for as long as the integration's timeout allows. */
export async function integrate(exchange: Exchange): Promise<void> {
  const integration = routeOf(exchange).method.methodIntegration;
  const run = INTEGRATIONS[integration?.type ?? ''];
  if (!integration || !run) throw misconfigured('No integration defined for method');
  const { clock } = exchange.host;
  const sentAt = clock.millis();
  let cancel = () => {};
  const timeout = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(integration.timeoutInMillis ?? 29_000, () => reject(timedOut()));
  });
  try {
    exchange.response = await Promise.race([run(exchange), timeout]);
  } catch (error) {
    const reason = error instanceof Fault ? (error.reason ?? error.message) : undefined;
    exchange.integration = { ...exchange.integration, latency: clock.millis() - sentAt, error: reason };
    throw error;
  } finally {
    cancel();
    const requestId = exchange.integration?.requestId;
    if (requestId) exchange.log?.add(`AWS Integration Endpoint RequestId : ${requestId}`);
  }
}
