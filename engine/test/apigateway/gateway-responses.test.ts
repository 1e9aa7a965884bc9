import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateApiKeyCommand,
  CreateModelCommand,
  CreateRequestValidatorCommand,
  CreateUsagePlanCommand,
  CreateUsagePlanKeyCommand,
  type GatewayResponseType,
  GetGatewayResponseCommand,
  PutGatewayResponseCommand,
  type PutGatewayResponseCommandInput,
  UpdateStageCommand,
} from '@aws-sdk/client-api-gateway';
import { newAuthorizer, uriOf } from './authorizers-support';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html */
const AUTHORIZER = `exports.handler = async ({ authorizationToken: token, methodArn }) => {
  if (token === 'nonsense') return 'nonsense';
  if (token === 'unknown') throw new Error('Unauthorized');
  const Statement = [{ Action: 'execute-api:Invoke', Effect: 'Deny', Resource: methodArn }];
  return { principalId: 'p', policyDocument: { Version: '2012-10-17', Statement } };
};`;

let bed: Bed;
let api: TestApi;
let backend: Server;
let spent: string;

beforeAll(async () => {
  bed = await Bed.start();
  // It never answers.
  backend = createServer(() => {});
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  const never = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;
  const guard = await bed.newFunction('guard', AUTHORIZER);
  const closed = await bed.newFunction('closed', 'exports.handler = async () => ({});', false);

  api = await bed.newApi();
  const restApiId = api.id;
  const { id: authorizerId } = await newAuthorizer(api, {
    authorizerUri: uriOf(guard),
    authorizerResultTtlInSeconds: 0,
  });
  const { id: requestValidatorId } = await bed.api.send(
    new CreateRequestValidatorCommand({
      restApiId,
      name: 'all',
      validateRequestBody: true,
      validateRequestParameters: true,
    }),
  );
  await bed.api.send(
    new CreateModelCommand({
      restApiId,
      name: 'Pet',
      contentType: 'application/json',
      schema: '{"type":"object","required":["name"]}',
    }),
  );
  const mock = { type: 'MOCK' as const, requestTemplates: { 'application/json': '{"statusCode":200}' } };
  const http = { type: 'HTTP_PROXY' as const, integrationHttpMethod: 'GET' };
  await api.method('GET', '/guarded', mock, { authorizationType: 'CUSTOM', authorizerId });
  await api.method('GET', '/signed', mock, { authorizationType: 'AWS_IAM' });
  await api.method('GET', '/keyed', mock, { apiKeyRequired: true });
  await api.method('GET', '/throttled', mock);
  await api.method('GET', '/closed', proxyTo(closed));
  await api.method('GET', '/gone', { ...http, uri: 'http://127.0.0.1:9/' });
  await api.method('GET', '/never', { ...http, uri: never, timeoutInMillis: 50 });
  await api.method('POST', '/valid', mock, {
    requestValidatorId,
    requestModels: { 'application/json': 'Pet' },
    requestParameters: { 'method.request.querystring.q': true },
  });
  await api.method('POST', '/json', { ...mock, passthroughBehavior: 'NEVER' });
  await bed.api.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'DEFAULT_4XX',
      responseParameters: {
        'gatewayresponse.header.X-Type': 'context.error.responseType',
        'gatewayresponse.header.X-Header': 'method.request.header.X-Sent',
        'gatewayresponse.header.X-Query': 'method.request.querystring.q',
        'gatewayresponse.header.X-Static': "'4xx'",
      },
      responseTemplates: {
        'application/json': '{"is":$context.error.messageString}',
        'application/xml': '<is>$context.error.message</is>',
      },
    }),
  );
  await bed.api.send(
    new PutGatewayResponseCommand({
      restApiId,
      responseType: 'DEFAULT_5XX',
      responseParameters: {
        'gatewayresponse.header.X-Type': 'context.error.responseType',
        'gatewayresponse.header.X-Static': "'5xx'",
      },
    }),
  );
  await bed.api.send(
    new PutGatewayResponseCommand({ restApiId, responseType: 'INTEGRATION_TIMEOUT', statusCode: '408' }),
  );
  await api.deploy();
  await bed.api.send(
    new UpdateStageCommand({
      restApiId,
      stageName: 'prod',
      patchOperations: [
        { op: 'replace', path: '/~1throttled/GET/throttling/rateLimit', value: '0' },
        { op: 'replace', path: '/~1throttled/GET/throttling/burstLimit', value: '0' },
      ],
    }),
  );
  const plan = await bed.api.send(
    new CreateUsagePlanCommand({
      name: 'plan',
      apiStages: [{ apiId: restApiId, stage: 'prod' }],
      quota: { limit: 1, period: 'MONTH' },
    }),
  );
  const key = await bed.api.send(new CreateApiKeyCommand({ enabled: true }));
  await bed.api.send(
    new CreateUsagePlanKeyCommand({ usagePlanId: plan.id, keyId: key.id, keyType: 'API_KEY' }),
  );
  spent = key.value ?? '';
  await api.fetch('/keyed', { headers: { 'x-api-key': spent } });
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

const json = { 'content-type': 'application/json' };
const signature =
  'AWS4-HMAC-SHA256 Credential=test/20200101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0';

type Case = [GatewayResponseType, number, string, unknown, () => [path: string, init?: RequestInit]];
type Failure = [GatewayResponseType, string, RequestInit, number, string];

const CASES: Case[] = [
  ['UNAUTHORIZED', 401, 'UnauthorizedException', 'Unauthorized', () => ['/guarded']],
  [
    'UNAUTHORIZED',
    401,
    'UnauthorizedException',
    'Unauthorized',
    () => ['/guarded', { headers: { authorization: 'unknown' } }],
  ],
  [
    'ACCESS_DENIED',
    403,
    'AccessDeniedException',
    'User is not authorized to access this resource with an explicit deny in an identity-based policy',
    () => ['/guarded', { headers: { authorization: 'denied' } }],
  ],
  [
    'INVALID_SIGNATURE',
    403,
    'InvalidSignatureException',
    expect.stringMatching(/^Signature expired: 20200101T000000Z is now earlier than /),
    () => ['/signed', { headers: { authorization: signature, 'x-amz-date': '20200101T000000Z' } }],
  ],
  [
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
    () => ['/signed'],
  ],
  [
    'MISSING_AUTHENTICATION_TOKEN',
    403,
    'MissingAuthenticationTokenException',
    'Missing Authentication Token',
    () => ['/nowhere'],
  ],
  ['INVALID_API_KEY', 403, 'ForbiddenException', 'Forbidden', () => ['/keyed']],
  [
    'QUOTA_EXCEEDED',
    429,
    'LimitExceededException',
    'Limit Exceeded',
    () => ['/keyed', { headers: { 'x-api-key': spent } }],
  ],
  ['THROTTLED', 429, 'TooManyRequestsException', 'Too Many Requests', () => ['/throttled']],
  [
    'BAD_REQUEST_PARAMETERS',
    400,
    'BadRequestException',
    'Missing required request parameters: [q]',
    () => ['/valid', { method: 'POST', body: '{"name":1}', headers: json }],
  ],
  [
    'BAD_REQUEST_BODY',
    400,
    'BadRequestException',
    'Invalid request body',
    () => ['/valid?q=1', { method: 'POST', body: '{}', headers: json }],
  ],
  [
    'UNSUPPORTED_MEDIA_TYPE',
    415,
    'UnsupportedMediaTypeException',
    'Unsupported Media Type',
    () => ['/json', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }],
  ],
  ['DEFAULT_4XX', 400, 'BadRequestException', 'Bad Request', () => ['/%zz']],
];

test.each(CASES)('%s: %i %s', async (type, status, errorType, message, request) => {
  const response = await api.fetch(...request());
  expect([response.status, response.headers.get('x-amzn-errortype')]).toEqual([status, errorType]);
  expect(await response.json()).toEqual({ is: message });
  expect(response.headers.get('x-type')).toBe(type);
  expect(response.headers.get('x-static')).toBe('4xx');
  expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
  expect(response.headers.get('x-amz-apigw-id')).toMatch(/^[\w-]{15}=$/);
});

test.each<Failure>([
  [
    'AUTHORIZER_CONFIGURATION_ERROR',
    '/guarded',
    { headers: { authorization: 'nonsense' } },
    500,
    '{"message":null}',
  ],
  ['API_CONFIGURATION_ERROR', '/closed', {}, 500, '{"message": "Internal server error"}'],
  ['INTEGRATION_FAILURE', '/gone', {}, 504, '{"message": "Network error communicating with endpoint"}'],
])('%s', async (type, path, init, status, body) => {
  const response = await api.fetch(path, init);
  expect([response.status, await response.text()]).toEqual([status, body]);
  expect(response.headers.get('x-type')).toBe(type);
  expect(response.headers.get('x-static')).toBe('5xx');
});

test('a type of its own stands before its family', async () => {
  const response = await api.fetch('/never');
  expect([response.status, await response.text()]).toEqual([
    408,
    '{"message": "Endpoint request timed out"}',
  ]);
  expect(response.headers.get('x-type')).toBeNull();
});

test('headers take what the request brought, and templates the accepted type', async () => {
  const response = await api.fetch('/nowhere?q=7', {
    headers: { accept: 'application/xml', 'X-Sent': 'sent' },
  });
  expect(response.headers.get('content-type')).toBe('application/xml');
  expect(await response.text()).toBe('<is>Missing Authentication Token</is>');
  expect([response.headers.get('x-header'), response.headers.get('x-query')]).toEqual(['sent', '7']);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html */
test.each<Partial<PutGatewayResponseCommandInput>>([
  { responseParameters: { 'gatewayresponse.header.X': 'unquoted' } },
  { responseParameters: { 'gatewayresponse.header.X': 'method.request.body' } },
  { responseParameters: { 'integration.response.header.X': "'x'" } },
  { statusCode: '999' },
])('refused: %j', async (input) => {
  const put = new PutGatewayResponseCommand({ restApiId: api.id, responseType: 'THROTTLED', ...input });
  await expect(bed.api.send(put)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  const { defaultResponse } = await bed.api.send(
    new GetGatewayResponseCommand({ restApiId: api.id, responseType: 'THROTTLED' }),
  );
  expect(defaultResponse).toBe(true);
});
