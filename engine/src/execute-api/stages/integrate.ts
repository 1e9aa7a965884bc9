import type { ApiResponse, Exchange } from '../exchange';
import { routeOf } from '../exchange';
import { Fault, misconfigured, timedOut } from '../faults';
import { aws } from '../integrations/aws';
import { http } from '../integrations/http';
import { httpProxy } from '../integrations/http-proxy';
import { lambdaProxy } from '../integrations/lambda-proxy';
import { lambdaStream } from '../integrations/lambda-stream';
import { mock } from '../integrations/mock';
import { traceCall } from '../seen/segments';
import { longestPause, watched } from '../streamed';

const INTEGRATIONS: Readonly<Record<string, (exchange: Exchange) => ApiResponse | Promise<ApiResponse>>> = {
  AWS: aws,
  AWS_PROXY: (exchange) => (isStreamed(exchange) ? lambdaStream(exchange) : lambdaProxy(exchange)),
  HTTP: http,
  HTTP_PROXY: httpProxy,
  MOCK: mock,
};

const isStreamed = (exchange: Exchange): boolean =>
  routeOf(exchange).method.methodIntegration?.responseTransferMode === 'STREAM';

/** Hands the request to what is behind the method, for as long as the integration's timeout allows. */
export async function integrate(exchange: Exchange): Promise<void> {
  const integration = routeOf(exchange).method.methodIntegration;
  const run = INTEGRATIONS[integration?.type ?? ''];
  if (!integration || !run) throw misconfigured('No integration defined for method');
  const { clock } = exchange.host;
  const sentAt = clock.millis();
  const timeout = integration.timeoutInMillis ?? 29_000;
  let cancel = () => {};
  const over = new Promise<never>((_resolve, reject) => {
    const most = isStreamed(exchange) ? Math.min(timeout, longestPause(exchange)) : timeout;
    cancel = clock.after(most, () => reject(timedOut()));
  });
  const running = (async () => run(exchange))();
  try {
    const response = await Promise.race([running, over]);
    const { stream } = response;
    exchange.response = stream ? watched(exchange, response, stream, { sentAt, timeout }) : response;
    const status = exchange.integration?.status;
    if (exchange.tracing) traceIntegration(exchange, sentAt, status, response.body.length);
  } catch (error) {
    // What comes too late has nobody to read it.
    running.then(({ stream }) => stream?.destroy()).catch(() => {});
    if (exchange.tracing) traceIntegration(exchange, sentAt, statusOf(error), 0);
    const reason = error instanceof Fault ? (error.reason ?? error.message) : undefined;
    exchange.integration = { ...exchange.integration, latency: clock.millis() - sentAt, error: reason };
    throw error;
  } finally {
    cancel();
    const requestId = exchange.integration?.requestId;
    if (requestId) exchange.log?.add(`AWS Integration Endpoint RequestId : ${requestId}`);
  }
}

function traceIntegration(
  exchange: Exchange,
  startedAt: number,
  status: number | undefined,
  length: number,
): void {
  const { call, callId } = exchange.tracing ?? {};
  if (call && callId !== undefined) traceCall(exchange, { id: callId, call, startedAt, status, length });
}

/** What came back, as far as anything did. */
const statusOf = (error: unknown): number | undefined =>
  error instanceof Fault && error.type !== 'INTEGRATION_TIMEOUT' ? error.status : undefined;
