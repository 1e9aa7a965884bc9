import { compiledOnce, type Deployed } from '../deployed';
import type { ApiResponse, Exchange } from '../exchange';
import { writeAccessLog } from './access-log';
import { writeExecutionLog } from './execution-log';
import { measure } from './metrics';
import { sendSegment } from './segments';

/** What is left of a request once it is answered: its lines in the logs, its part of the metrics, its trace. */
export function seen(exchange: Exchange, response: ApiResponse, length: number): void {
  const { deployed, host, log, request, startedAt } = exchange;
  measure(exchange, response.status);
  writeAccessLog(exchange, response, length);
  if (log) writeExecutionLog(exchange, log);
  if (exchange.tracing) sendSegment(exchange, exchange.tracing, response);
  host.parts.events.emit({
    type: 'http',
    at: startedAt,
    requestId: exchange.requestId,
    target: `${deployed.snapshot.apiId}/${deployed.stage.stageName}`,
    method: request.method,
    path: request.path,
    status: response.status,
    millis: host.clock.millis() - startedAt,
    trace: exchange.trace,
    steps: exchange.steps,
    answered: answeredBy(exchange),
    ...(exchange.reason === undefined ? {} : { reason: exchange.reason }),
    ...(exchange.integration?.requestId === undefined
      ? {}
      : { endpointRequestId: exchange.integration.requestId }),
  });
}

/** The stage of the path that the response is of. */
function answeredBy({ cacheStatus, error, steps }: Exchange): string {
  if (error) return steps.at(-1)?.[0] ?? 'parse';
  return cacheStatus === 'hit' ? 'cache' : 'integrate';
}

/** Whether a stage keeps execution logs of any of its methods. */
export function logsExecution(deployed: Deployed): boolean {
  const settings = deployed.stage.methodSettings ?? {};
  return compiledOnce(deployed, 'logs execution', () =>
    Object.values(settings).some(({ loggingLevel = 'OFF' }) => loggingLevel !== 'OFF'),
  );
}
