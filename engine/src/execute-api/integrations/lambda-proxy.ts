import { isAwsError } from '../../kernel';
import { type ApiResponse, type Exchange, routeOf } from '../exchange';
import { Fault, misconfigured, tooLarge } from '../faults';
import { javaMap } from '../log';
import { withStageVariables } from '../mapping';
import { mayInvoke } from './permission';
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
  const permitted = await mayInvoke(exchange, functionArn);
  if (!permitted) throw misconfigured('Invalid permissions on Lambda function');
  const event = JSON.stringify(proxyEvent(exchange));
  const endpoint = `https://lambda.${deployed.region}.amazonaws.com/2015-03-31/functions/${functionArn}/invocations`;
  log?.add(`Endpoint request URI: ${endpoint}`);
  log?.add(`Endpoint request headers: ${javaMap(endpointHeaders(exchange))}`);
  log?.add(`Endpoint request body after transformations: ${event}`);
  log?.add(`Sending request to ${endpoint}`);
  const payload = await invoke(exchange, functionArn, event);
  const result = host.clock.millis() - exchange.startedAt;
  log?.add(`Received response. Status: 200, Integration latency: ${result} ms`);
  log?.add(`Endpoint response body before transformations: ${payload}`);
  return proxyResponse(exchange, payload);
}

function endpointHeaders(exchange: Exchange): Record<string, string> {
  const { snapshot } = exchange.deployed;
  return {
    'x-amzn-lambda-integration-tag': exchange.requestId,
    'x-amzn-apigateway-api-id': snapshot.apiId,
    'X-Amzn-Trace-Id': exchange.trace,
    Accept: 'application/json',
    'User-Agent': `AmazonAPIGateway_${snapshot.apiId}`,
  };
}

async function invoke(exchange: Exchange, functionArn: string, event: string): Promise<string> {
  const { deployed, host } = exchange;
  const region = functionArn.split(':')[3] || deployed.region;
  const account = functionArn.split(':')[4] || deployed.account;
  try {
    const output = await host.invoke(
      'lambda',
      'Invoke',
      { FunctionName: functionArn, InvocationType: 'RequestResponse', Payload: Buffer.from(event) },
      {
        as: host.parts.identity.servicePrincipal('apigateway.amazonaws.com', deployed.account),
        account,
        region,
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
    return payload;
  } catch (error) {
    if (isAwsError(error, 'RequestTooLargeException')) throw tooLarge('Request Too Long');
    if (!isAwsError(error)) throw error;
    throw new Fault('INTEGRATION_FAILURE', 'Internal server error', {
      errorType: 'InternalServerErrorException',
      status: 500,
      reason: `Lambda invocation failed with ${error.code}: ${error.message}`,
    });
  }
}
