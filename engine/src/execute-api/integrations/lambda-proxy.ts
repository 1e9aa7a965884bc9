import { isAwsError } from '../../kernel';
import { type ApiResponse, type Exchange, type IntegrationRun, routeOf } from '../exchange';
import { Fault, misconfigured, tooLarge } from '../faults';
import type { ExecutionLog } from '../log';
import { withStageVariables } from '../mapping';
import { endpointPrincipal } from './credentials';
import { proxyEvent } from './proxy-event';
import { proxyResponse } from './proxy-response';

const URI = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(.+)\/invocations$/;

/** AWS_PROXY: the request becomes an event, the function's result the response. */
export async function lambdaProxy(exchange: Exchange): Promise<ApiResponse> {
  const { deployed, host, log } = exchange;
  const integration = routeOf(exchange).method.methodIntegration;
  const uri = withStageVariables(integration?.uri ?? '', deployed.stage.variables);
  const functionArn = URI.exec(uri)?.[1];
  if (!functionArn) throw misconfigured('Invalid endpoint address');
  // Lambda's API takes invocations by POST only; another method fails there.
  if (integration?.httpMethod !== 'POST') {
    throw misconfigured('Unable to determine service/operation name to be authorized');
  }
  const event = JSON.stringify(proxyEvent(exchange));
  if (log) logInvocation(exchange, log, functionArn, event);
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

/** As AWS writes it, signature and token blotted out. */
function logInvocation(exchange: Exchange, log: ExecutionLog, functionArn: string, event: string): void {
  const { deployed, host, requestId } = exchange;
  const { apiId } = deployed.snapshot;
  const path = `https://lambda.${deployed.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`;
  const date = host.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const blot = '*'.repeat(64);
  log.add(`Endpoint request URI: ${path}`);
  log.add(
    `Endpoint request headers: {x-amzn-lambda-integration-tag=${requestId}, Authorization=${blot}, X-Amz-Date=${date}, ` +
      `x-amzn-apigateway-api-id=${apiId}, Accept=application/json, User-Agent=AmazonAPIGateway_${apiId}, ` +
      `X-Amz-Security-Token=${blot} [TRUNCATED]`,
  );
  log.add(`Endpoint request body after transformations: ${event}`);
  log.add(`Sending request to ${path}`);
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
  const { deployed, host } = exchange;
  const region = functionArn.split(':')[3] || deployed.region;
  const account = functionArn.split(':')[4] || deployed.account;
  try {
    const output = await host.invoke(
      'lambda',
      'Invoke',
      { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: Buffer.from(event) },
      {
        as: await endpointPrincipal(exchange),
        account,
        region,
        trace: exchange.trace,
        requestId: exchange.integration?.requestId,
      },
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
  } catch (error) {
    if (isAwsError(error) && error.status === 413) throw tooLarge('Request Too Long');
    // https://docs.aws.amazon.com/lambda/latest/dg/services-apigateway.html#apigateway-permissions
    if (isAwsError(error, 'AccessDeniedException'))
      throw misconfigured('Invalid permissions on Lambda function');
    if (!isAwsError(error)) throw error;
    throw new Fault('INTEGRATION_FAILURE', 'Internal server error', {
      errorType: 'InternalServerErrorException',
      status: 500,
      reason: `Lambda invocation failed with ${error.code}: ${error.message}`,
    });
  }
}
