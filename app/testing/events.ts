import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';

/** An event as API Gateway sends it, with what a test says. */
export function apiEvent(parts: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  const event = {
    httpMethod: 'GET',
    path: '/api/test',
    resource: '/api/test',
    headers: {},
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'request-1' },
  };
  return { ...event, ...parts } as APIGatewayProxyEvent;
}

export const context = {
  awsRequestId: 'invocation-1',
  functionName: 'theatre-test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:theatre-test',
  memoryLimitInMB: '128',
  getRemainingTimeInMillis: () => 10_000,
} as Context;

export function jsonOf(result: APIGatewayProxyResult): Record<string, unknown> {
  return JSON.parse(result.body) as Record<string, unknown>;
}
