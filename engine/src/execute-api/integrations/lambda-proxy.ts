import type { ApiResponse, Exchange, IntegrationRun } from '../exchange';
import { Fault } from '../faults';
import type { ExecutionLog } from '../log';
import { invokedFunction } from './aws-uri';
import { calledFunction, callFunction, logInvocation } from './lambda-call';
import { proxyEvent } from './proxy-event';
import { proxyResponse } from './proxy-response';

/** AWS_PROXY: the request becomes an event, the function's result the response. */
export async function lambdaProxy(exchange: Exchange): Promise<ApiResponse> {
  const { host, log } = exchange;
  const functionArn = calledFunction(exchange, invokedFunction);
  const event = JSON.stringify(proxyEvent(exchange));
  logInvocation(exchange, `2015-03-31/functions/${functionArn}/invocations`, event);
  const sentAt = host.clock.millis();
  const ran: IntegrationRun = { latency: 0, requestId: host.ids.uuid() };
  exchange.integration = ran;
  const { payload, version } = await invoke(exchange, functionArn, event);
  ran.latency = host.clock.millis() - sentAt;
  ran.endpointStatus = 200;
  if (log) logAnswer(exchange, log, { payload, version, millis: ran.latency });
  const response = proxyResponse(exchange, payload);
  ran.status = response.status;
  return response;
}

function logAnswer(
  exchange: Exchange,
  log: ExecutionLog,
  answer: { payload: string; version: string; millis: number },
): void {
  const date = exchange.host.clock.now().toUTCString();
  log.add(`Received response. Status: 200, Integration latency: ${answer.millis} ms`);
  log.add(
    `Endpoint response headers: {Date=${date}, Content-Type=application/json, ` +
      `Content-Length=${Buffer.byteLength(answer.payload)}, Connection=keep-alive, ` +
      `x-amzn-RequestId=${exchange.integration?.requestId}, x-amzn-Remapped-Content-Length=0, ` +
      `X-Amz-Executed-Version=${answer.version}, X-Amzn-Trace-Id=${exchange.trace}}`,
  );
  log.add(`Endpoint response body before transformations: ${answer.payload}`);
}

async function invoke(
  exchange: Exchange,
  functionArn: string,
  event: string,
): Promise<{ payload: string; version: string }> {
  const input = {
    FunctionName: functionArn,
    InvocationType: 'RequestResponse' as const,
    Payload: Buffer.from(event),
  };
  const output = await callFunction(exchange, functionArn, (options) =>
    exchange.host.invoke('lambda', 'Invoke', input, options),
  );
  const payload = Buffer.from(output.Payload ?? []).toString('utf8');
  if (output.FunctionError) {
    exchange.log?.add(`Lambda invocation failed with status: 200. Customer function error: ${payload}`);
    throw new Fault('INTEGRATION_FAILURE', 'Internal server error', {
      errorType: 'InternalServerErrorException',
      status: 502,
      reason: 'Execution failed due to configuration error: Malformed Lambda proxy response',
    });
  }
  return { payload, version: output.ExecutedVersion ?? '$LATEST' };
}
