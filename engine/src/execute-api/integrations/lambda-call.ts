import { type InvokeOptions, isAwsError } from '../../kernel';
import { type Exchange, routeOf } from '../exchange';
import { Fault, misconfigured, tooLarge } from '../faults';
import { withStageVariables } from '../mapping';
import { functionCall, tracedAs } from '../tracing';
import { type AwsUri, parseAwsUri } from './aws-uri';
import { endpointPrincipal } from './credentials';
import { ownerOf } from './lambda-custom';

/** The function behind an AWS_PROXY method, as `find` reads it out of its URI. */
export function calledFunction(exchange: Exchange, find: (uri: AwsUri) => string | undefined): string {
  const { uri = '', httpMethod } = routeOf(exchange).method.methodIntegration ?? {};
  const parsed = parseAwsUri(withStageVariables(uri, exchange.deployed.stage.variables));
  const functionArn = parsed && find(parsed);
  if (!functionArn) throw misconfigured('Invalid endpoint address');
  // Lambda's API takes invocations by POST only; another method fails there.
  if (httpMethod !== 'POST')
    throw misconfigured('Unable to determine service/operation name to be authorized');
  return functionArn;
}

/** Calls a function for the method, and makes of Lambda's refusals what the caller gets. */
export async function callFunction<T>(
  exchange: Exchange,
  functionArn: string,
  call: (options: InvokeOptions) => Promise<T>,
): Promise<T> {
  const owner = ownerOf(functionArn, exchange.deployed);
  tracedAs(exchange, () => functionCall(functionArn, owner.region));
  try {
    return await call({
      as: await endpointPrincipal(exchange),
      ...owner,
      trace: exchange.trace,
      ...(exchange.integration?.requestId && { requestId: exchange.integration.requestId }),
    });
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

/** As AWS writes it, signature and token blotted out. */
export function logInvocation(exchange: Exchange, path: string, event: string): void {
  const { deployed, host, log, requestId } = exchange;
  if (!log) return;
  const { apiId } = deployed.snapshot;
  const uri = `https://lambda.${deployed.region}.amazonaws.com/${path}`;
  const date = host.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const blot = '*'.repeat(64);
  log.add(`Endpoint request URI: ${uri}`);
  log.add(
    `Endpoint request headers: {x-amzn-lambda-integration-tag=${requestId}, Authorization=${blot}, X-Amz-Date=${date}, ` +
      `x-amzn-apigateway-api-id=${apiId}, Accept=application/json, User-Agent=AmazonAPIGateway_${apiId}, ` +
      `X-Amz-Security-Token=${blot} [TRUNCATED]`,
  );
  log.add(`Endpoint request body after transformations: ${event}`);
  log.add(`Sending request to ${uri}`);
}
