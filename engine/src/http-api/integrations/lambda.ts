import type { Integration } from '@aws-sdk/client-apigatewayv2';
import { integrationArn } from '../authorizers/route-arn';
import type { Exchange, HttpResponse } from '../exchange';
import { internalError } from '../faults';
import { eventHeaders } from '../forwarded';
import { invokeFunction } from '../invoke';
import { mapRequest } from '../request-mapping';
import { version1 } from './event-v1';
import { version2 } from './event-v2';
import { responseOf } from './lambda-response';

/** AWS_PROXY: the request becomes an event, the function's result the response. */
export async function lambdaProxy(exchange: Exchange, integration: Integration): Promise<HttpResponse> {
  const version = integration.PayloadFormatVersion === '1.0' ? '1.0' : '2.0';
  const invoked = await invokeFunction(exchange, {
    uri: integration.IntegrationUri ?? '',
    event: eventOf(exchange, integration, version),
    sourceArn: integrationArn(exchange),
    credentials: integration.CredentialsArn,
  });
  exchange.integration = {
    ...exchange.integration,
    requestId: invoked.requestId,
    status: 200,
    ...(invoked.failed === undefined ? {} : { error: invoked.failed }),
  };
  if (invoked.failed !== undefined) throw internalError(invoked.failed);
  return responseOf(invoked.payload, version);
}

function eventOf(exchange: Exchange, integration: Integration, version: '1.0' | '2.0') {
  const make = version === '1.0' ? version1 : version2;
  if (!integration.RequestParameters) return make(exchange, { headers: undefined, query: undefined });
  const { headers, path, query } = mapRequest(exchange, integration, eventHeaders(exchange));
  const mappedQuery = Object.keys(integration.RequestParameters).some((key) => key.includes(':querystring.'));
  const event = make(exchange, { headers, query: mappedQuery ? query : undefined });
  if (path === undefined) return event;
  return 'rawPath' in event ? { ...event, rawPath: path } : { ...event, path };
}
