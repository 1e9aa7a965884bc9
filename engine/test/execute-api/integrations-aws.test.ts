import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { Bed, custom, gatewayRole, logOf } from './integrations-bed';

const ACTION = 'arn:aws:apigateway:us-east-1';
let bed: Bed;

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
});
afterAll(() => bed.stop());

const json = { headers: { 'content-type': 'application/json' } };

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-as-simple-proxy-for-dynamodb.html */
describe('DynamoDB', () => {
  let role: string;
  beforeAll(async () => {
    role = await gatewayRole(bed, 'shows', ['dynamodb:PutItem', 'dynamodb:Query']);
    await bed.cloud.client(DynamoDBClient).send(
      new CreateTableCommand({
        TableName: 'shows',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  });

  const integration = (action: string, template: string) => ({
    type: 'AWS' as const,
    integrationHttpMethod: 'POST',
    uri: `${ACTION}:dynamodb:action/${action}`,
    credentials: role,
    passthroughBehavior: 'NEVER',
    requestTemplates: { 'application/json': template },
  });

  test('an item is put and found, by templates both ways', async () => {
    const api = await bed.newApi();
    const put = integration(
      'PutItem',
      `{"TableName": "shows", "Item": {
         "id": {"S": "$util.escapeJavaScript($input.params('id'))"},
         "title": {"S": $input.json('$.title')}, "by": {"S": "$context.requestId"}}}`,
    );
    await custom(api, 'PUT', '/shows/{id}', put);
    const query = integration(
      'Query',
      `{"TableName": "shows", "KeyConditionExpression": "id = :v1",
        "ExpressionAttributeValues": {":v1": {"S": "$input.params('id')"}}}`,
    );
    await custom(api, 'GET', '/shows/{id}', query, {
      responses: [
        {
          responseTemplates: {
            'application/json': `#set($inputRoot = $input.path('$'))
{ "shows": [#foreach($elem in $inputRoot.Items){"title": "$elem.title.S"}#if($foreach.hasNext),#end#end] }`,
          },
        },
      ],
    });
    await api.deploy();
    const made = await api.fetch('/shows/7', { method: 'PUT', body: '{"title": "Hamlet"}', ...json });
    expect([made.status, await made.text()]).toEqual([200, '{}']);
    const found = await api.fetch('/shows/7');
    expect(await found.json()).toEqual({ shows: [{ title: 'Hamlet' }] });
    const stored = await bed.cloud
      .client(DynamoDBClient)
      .send(new GetItemCommand({ TableName: 'shows', Key: { id: { S: '7' } } }));
    expect(stored.Item?.by?.S).toBe(made.headers.get('x-amzn-requestid'));
  });

  test('the role’s policies are enforced, and the service’s refusal goes through the patterns', async () => {
    const api = await bed.newApi();
    const get = integration('GetItem', '{"TableName": "shows", "Key": {"id": {"S": "7"}}}');
    await custom(api, 'GET', '/', get, {
      responses: [
        {},
        {
          statusCode: '403',
          selectionPattern: '4\\d{2}',
          responseTemplates: {
            'application/json': `{"why": "$input.path('$.Message')$input.path('$.message')"}`,
          },
        },
      ],
    });
    await api.deploy();
    const refused = await api.fetch('/');
    expect(refused.status).toBe(403);
    expect(((await refused.json()) as { why: string }).why).toMatch(
      /^User: arn:aws:sts::000000000000:assumed-role\/shows\/BackplaneAssumeRoleSession is not authorized to perform: dynamodb:GetItem/,
    );
  });

  test('a role that does not trust the gateway cannot be assumed', async () => {
    const other = await gatewayRole(bed, 'of-lambda', ['dynamodb:*'], 'lambda.amazonaws.com');
    const api = await bed.newApi();
    const where = await custom(api, 'GET', '/', { ...integration('Scan', '{}'), credentials: other });
    await api.deploy();
    const failed = await api.fetch('/');
    expect([failed.status, await failed.text()]).toEqual([500, '{"message": "Internal server error"}']);
    expect((await logOf(bed, where)).lines).toContain(
      `Execution failed due to configuration error: API Gateway does not have permission to assume the provided role ${other}`,
    );
  });

  test('the log tells the whole way', async () => {
    const api = await bed.newApi();
    const where = await custom(
      api,
      'POST',
      '/',
      integration(
        'Query',
        '{"TableName": "shows", "KeyConditionExpression": "id = :i", "ExpressionAttributeValues": {":i": {"S": "none"}}}',
      ),
    );
    const { lines: all, status } = await logOf(bed, where, { body: '{}' });
    const lines = all.filter((line) => !line.startsWith('AWS Integration Endpoint RequestId'));
    expect(status).toBe(200);
    const uri = 'https://dynamodb.us-east-1.amazonaws.com/?Action=Query';
    const starts = [
      `Endpoint request URI: ${uri}`,
      'Endpoint request headers: {Authorization=****',
      'Endpoint request body after transformations: {"TableName": "shows"',
      `Sending request to ${uri}`,
      'Received response. Status: 200, Integration latency: ',
      'Endpoint response headers: {',
      'Endpoint response body before transformations: {"Items":[],"Count":0,"ScannedCount":0}',
      'Method response body after transformations: {"Items":[],"Count":0,"ScannedCount":0}',
      'Method response headers: {Content-Type=application/json}',
      'Successfully completed execution',
      'Method completed with status: 200',
    ];
    const from = lines.findIndex((line) => line.startsWith(starts[0]!));
    for (const [i, start] of starts.entries()) expect(lines[from + i]?.slice(0, start.length)).toBe(start);
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/integrating-api-with-aws-services-s3.html */
describe('S3', () => {
  const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff, 0xfe, 0x0a]);
  let role: string;
  let s3: S3Client;
  beforeAll(async () => {
    role = await gatewayRole(bed, 'files', ['s3:GetObject', 's3:PutObject', 's3:ListBucket']);
    s3 = bed.cloud.client(S3Client, { forcePathStyle: true });
    await s3.send(new CreateBucketCommand({ Bucket: 'files' }));
    await s3.send(
      new PutObjectCommand({ Bucket: 'files', Key: 'a/raw.png', Body: bytes, ContentType: 'image/png' }),
    );
    await s3.send(
      new PutObjectCommand({ Bucket: 'files', Key: 'text', Body: 'plain ü', ContentType: 'text/plain' }),
    );
    await s3.send(
      new PutObjectCommand({
        Bucket: 'files',
        Key: 'b64',
        Body: bytes.toString('base64'),
        ContentType: 'text/plain',
      }),
    );
  });

  const declared = {
    'method.request.path.bucket': true,
    'method.request.path.key': true,
    'method.request.header.Content-Type': false,
  };
  const integration = (more: object = {}) => ({
    type: 'AWS' as const,
    integrationHttpMethod: 'ANY',
    uri: `${ACTION}:s3:path/{bucket}/{key}`,
    credentials: role,
    requestParameters: {
      'integration.request.path.bucket': 'method.request.path.bucket',
      'integration.request.path.key': 'method.request.path.key',
      'integration.request.header.Content-Type': 'method.request.header.Content-Type',
    },
    ...more,
  });
  const headers = {
    'method.response.header.Content-Type': 'integration.response.header.Content-Type',
    'method.response.header.ETag': 'integration.response.header.ETag',
  };

  async function files(binaryMediaTypes: string[], handling: { request?: string; response?: string } = {}) {
    const api = await bed.newApi({ binaryMediaTypes });
    await custom(api, 'ANY', '/{bucket}/{key+}', integration({ contentHandling: handling.request }), {
      method: { requestParameters: declared },
      responses: [
        { responseParameters: headers, contentHandling: handling.response as 'CONVERT_TO_TEXT' | undefined },
        { statusCode: '404', selectionPattern: '404', responseParameters: headers },
      ],
    });
    await api.deploy();
    return api;
  }

  test('objects by path, their headers and errors mapped', async () => {
    const api = await files(['image/png']);
    const text = await api.fetch('/files/text', { headers: { Accept: 'text/plain' } });
    expect([text.status, text.headers.get('content-type'), await text.text()]).toEqual([
      200,
      'text/plain',
      'plain ü',
    ]);
    expect(text.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    const none = await api.fetch('/files/none', { headers: { Accept: 'text/plain' } });
    expect(none.status).toBe(404);
    expect(await none.text()).toContain('<Code>NoSuchKey</Code>');
    const put = await api.fetch('/files/new', {
      method: 'PUT',
      body: 'new',
      headers: { 'content-type': 'text/plain', Accept: 'text/plain' },
    });
    expect(put.status).toBe(200);
    const made = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'new' }));
    expect([made.ContentType, await made.Body?.transformToString()]).toEqual(['text/plain', 'new']);
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html */
  test.each([
    [[], undefined, 'a/raw.png', 'image/png', 'utf8'],
    [['image/png'], undefined, 'a/raw.png', 'image/png', 'raw'],
    [['image/png'], undefined, 'a/raw.png', 'image/png;q=1, */*', 'raw'],
    [['image/png'], undefined, 'a/raw.png', 'text/plain', 'base64'],
    [['image/png'], undefined, 'b64', 'image/png', 'raw'],
    [['image/png'], undefined, 'b64', 'text/plain', 'base64'],
    [['image/png'], 'CONVERT_TO_TEXT', 'a/raw.png', 'image/png', 'base64'],
    [['image/png'], 'CONVERT_TO_BINARY', 'a/raw.png', 'text/plain', 'raw'],
    [['image/png'], 'CONVERT_TO_BINARY', 'b64', 'text/plain', 'raw'],
    [['*/*'], undefined, 'a/raw.png', 'anything/else', 'raw'],
  ] as const)('responses: %j %s %s accepted as %s is %s', async (types, response, key, accept, expected) => {
    const api = await files([...types], { response });
    const { status, body } = await api.raw(`/files/${key}`, { headers: { Accept: accept } });
    expect(status).toBe(200);
    const all = {
      raw: bytes,
      base64: Buffer.from(bytes.toString('base64')),
      utf8: Buffer.from(bytes.toString('utf8')),
    };
    expect(body).toEqual(all[expected]);
  });

  test('text that is no base64 cannot become bytes', async () => {
    const api = await files(['image/png']);
    expect((await api.raw('/files/text', { headers: { Accept: 'image/png' } })).status).toBe(500);
  });

  test.each([
    [[], undefined, 'image/png', 'raw', 'utf8'],
    [['image/png'], undefined, 'image/png', 'raw', 'raw'],
    [['image/png'], 'CONVERT_TO_TEXT', 'image/png', 'raw', 'base64'],
    [['image/png'], 'CONVERT_TO_BINARY', 'text/plain', 'base64', 'raw'],
    [[], 'CONVERT_TO_BINARY', 'image/png', 'base64', 'raw'],
    [['image/png'], 'CONVERT_TO_TEXT', 'text/plain', 'base64', 'base64'],
  ] as const)('requests: %j %s %s of %s is stored as %s', async (types, request, type, sent, stored) => {
    const api = await files([...types], { request });
    const all = {
      raw: bytes,
      base64: Buffer.from(bytes.toString('base64')),
      utf8: Buffer.from(bytes.toString('utf8')),
    };
    const { status } = await api.raw('/files/up', {
      method: 'PUT',
      headers: { 'content-type': type },
      body: all[sent],
    });
    expect(status).toBe(200);
    const made = await s3.send(new GetObjectCommand({ Bucket: 'files', Key: 'up' }));
    expect(Buffer.from((await made.Body?.transformToByteArray()) ?? [])).toEqual(all[stored]);
  });

  test('templates override path, header and query; bytes have no templates', async () => {
    const api = await bed.newApi({ binaryMediaTypes: ['image/png'] });
    const template = `#set($context.requestOverride.path.key = "text")
#set($context.requestOverride.querystring['response-content-type'] = "text/html")`;
    const where = await custom(
      api,
      'GET',
      '/{bucket}/{key}',
      integration({ requestTemplates: { 'application/json': template } }),
      { method: { requestParameters: declared }, responses: [{ responseParameters: headers }] },
    );
    await api.deploy();
    const response = await api.fetch('/files/other', { headers: { Accept: 'text/html' } });
    expect([response.headers.get('content-type'), await response.text()]).toEqual(['text/html', 'plain ü']);
    const { status } = await api.raw('/files/other', { headers: { 'content-type': 'image/png' } });
    expect([where.httpMethod, status]).toEqual(['GET', 200]);
  });
});

test('other services, in their own protocols', async () => {
  const role = await gatewayRole(bed, 'others', [
    'secretsmanager:GetSecretValue',
    'ssm:GetParameter',
    'sts:GetCallerIdentity',
    'logs:CreateLogGroup',
    'kms:ListKeys',
  ]);
  await bed.cloud
    .client(SecretsManagerClient)
    .send(new CreateSecretCommand({ Name: 's', SecretString: 'hush' }));
  await bed.cloud
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: '/p', Value: '123', Type: 'String' }));
  const api = await bed.newApi();
  const post = (path: string, uri: string, template?: string) =>
    custom(api, 'POST', path, {
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri: `${ACTION}:${uri}`,
      credentials: role,
      ...(template && { requestTemplates: { 'application/json': template } }),
    });
  await post('/secret', 'secretsmanager:action/GetSecretValue', '{"SecretId": "s"}');
  await post('/parameter', 'ssm:action/GetParameter', '{"Name": "/p"}');
  await post('/me', 'sts:action/GetCallerIdentity');
  await post('/group', 'logs:action/CreateLogGroup');
  await post('/wrong', 'ssm:action/NoSuchThing', '{}');
  await api.deploy();
  const answer = async (path: string, body = '{}') =>
    (await api.fetch(path, { method: 'POST', body, ...json })).json() as Promise<unknown>;
  expect(await answer('/secret')).toMatchObject({ SecretString: 'hush' });
  expect(await answer('/parameter')).toMatchObject({ Parameter: { Value: '123' } });
  expect(await answer('/me')).toMatchObject({
    GetCallerIdentityResponse: {
      GetCallerIdentityResult: {
        Arn: 'arn:aws:sts::000000000000:assumed-role/others/BackplaneAssumeRoleSession',
      },
      ResponseMetadata: { RequestId: expect.any(String) },
    },
  });
  const group = { method: 'POST', body: '{"logGroupName": "made-by-an-api"}', ...json };
  expect(await (await api.fetch('/group', group)).text()).toBe('');
  expect(await answer('/group', '{"logGroupName": "made-by-an-api"}')).toMatchObject({
    __type: expect.stringContaining('ResourceAlreadyExistsException'),
  });
  expect(await answer('/wrong')).toMatchObject({ __type: expect.stringMatching(/UnknownOperation/) });
});

test('a session lasts a while, what its role may is asked each time', async () => {
  const role = await gatewayRole(bed, 'changed', ['ssm:GetParameter']);
  const api = await bed.newApi();
  const uri = `${ACTION}:ssm:action/GetParameter`;
  await custom(
    api,
    'POST',
    '/',
    { type: 'AWS', integrationHttpMethod: 'POST', uri, credentials: role },
    { responses: [{}, { statusCode: '403', selectionPattern: '4..' }] },
  );
  await api.deploy();
  await bed.cloud.client(SSMClient).send(new PutParameterCommand({ Name: '/q', Value: '1', Type: 'String' }));
  const get = () => api.fetch('/', { method: 'POST', body: '{"Name": "/q"}', ...json });
  expect((await get()).status).toBe(200);
  await bed.cloud
    .client(IAMClient)
    .send(new DeleteRolePolicyCommand({ RoleName: 'changed', PolicyName: 'may' }));
  expect((await get()).status).toBe(403);
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html */
test('what AWS refuses of an integration, and what is not here', async () => {
  const api = await bed.newApi();
  let count = 0;
  const put = (uri: string, credentials?: string) =>
    custom(api, 'GET', `/r${++count}`, {
      type: 'AWS',
      integrationHttpMethod: 'POST',
      uri,
      credentials,
    });
  const role = 'arn:aws:iam::000000000000:role/any';
  await expect(put(`${ACTION}:s3:path/b/k`)).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'Role ARN must be specified for AWS integrations',
  });
  await expect(put(`${ACTION}:s3:path/b/k2`, 'arn:aws:iam::111111111111:role/any')).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: 'Cross-account pass role is not allowed.',
  });
  await expect(put(`${ACTION}:sqs:path/000000000000/queue`, role)).rejects.toThrow(/the service 'sqs'/);
  await expect(put(`${ACTION}:states:action/StartExecution`, role)).rejects.toThrow(/the service 'states'/);
  await expect(put(`${ACTION}:s3:action/GetObject`, role)).rejects.toThrow(/'s3' by action/);
});
