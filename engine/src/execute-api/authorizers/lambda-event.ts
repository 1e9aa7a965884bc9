import type { Authorizer } from '@aws-sdk/client-api-gateway';
import type { Exchange } from '../exchange';
import { proxyEvent } from '../integrations/proxy-event';
import { methodArn } from './method-arn';

/**
 * What a Lambda authorizer is asked: the token, or the request without its body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
 */
export function authorizerEvent(
  exchange: Exchange,
  { type }: Authorizer,
  identity: readonly string[],
): Record<string, unknown> {
  if (type === 'TOKEN') return { type, methodArn: methodArn(exchange), authorizationToken: identity[0] };
  const { body, isBase64Encoded, ...event } = proxyEvent(exchange);
  return {
    type,
    methodArn: methodArn(exchange),
    ...event,
    // Unlike integrations, authorizers get a map where there is nothing to put in one.
    headers: event.headers ?? {},
    multiValueHeaders: event.multiValueHeaders ?? {},
    queryStringParameters: event.queryStringParameters ?? {},
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
  };
}
