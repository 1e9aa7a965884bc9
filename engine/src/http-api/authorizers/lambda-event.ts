import type { Authorizer } from '@aws-sdk/client-apigatewayv2';
import type { Exchange } from '../exchange';
import { version1 } from '../integrations/event-v1';
import { version2 } from '../integrations/event-v2';
import { routeArn } from './route-arn';

/**
 * What a Lambda authorizer is asked: the request, less its body.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
 */
export function authorizerEvent(exchange: Exchange, authorizer: Authorizer, identity: readonly string[]) {
  const sources = { headers: undefined, query: undefined };
  if (authorizer.AuthorizerPayloadFormatVersion === '1.0') {
    const { body, isBase64Encoded, multiValueHeaders, multiValueQueryStringParameters, ...event } = version1(
      exchange,
      sources,
    );
    const identitySource = identity.join(',');
    return {
      ...event,
      type: 'REQUEST',
      methodArn: routeArn(exchange),
      identitySource,
      authorizationToken: identitySource,
    };
  }
  const { body, isBase64Encoded, ...event } = version2(exchange, sources);
  return {
    ...event,
    type: 'REQUEST',
    routeArn: routeArn(exchange),
    identitySource: identity.length === 0 ? null : identity,
  };
}
