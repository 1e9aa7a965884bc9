import { createHmac } from 'node:crypto';
import { type IncomingHttpHeaders, request } from 'node:http';
import {
  APIGatewayClient,
  CreateDeploymentCommand,
  CreateRestApiCommand,
  GetResourcesCommand,
  PutIntegrationCommand,
  PutIntegrationResponseCommand,
  PutMethodCommand,
  PutMethodResponseCommand,
} from '@aws-sdk/client-api-gateway';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { presignedUrl, signedHeaders } from '../support/signed';

// What clients and scripts made for LocalStack expect of the door. https://docs.localstack.cloud/references/

let cloud: TestCloud;
let apiId: string;

beforeAll(async () => {
  cloud = await startCloud();
  const s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'shelf' }));
  await s3.send(new PutObjectCommand({ Bucket: 'shelf', Key: 'a/book.txt', Body: 'words' }));
  apiId = await mockApi(cloud.client(APIGatewayClient));
});
afterAll(() => cloud.stop());

/** An API that answers GET / with a greeting, on the stage `dev`. */
async function mockApi(api: APIGatewayClient): Promise<string> {
  const { id: restApiId = '' } = await api.send(new CreateRestApiCommand({ name: 'greeting' }));
  const { items } = await api.send(new GetResourcesCommand({ restApiId }));
  const at = { restApiId, resourceId: items?.[0]?.id ?? '', httpMethod: 'GET' };
  await api.send(new PutMethodCommand({ ...at, authorizationType: 'NONE' }));
  await api.send(new PutMethodResponseCommand({ ...at, statusCode: '200' }));
  const requestTemplates = { 'application/json': '{"statusCode": 200}' };
  await api.send(new PutIntegrationCommand({ ...at, type: 'MOCK', requestTemplates }));
  const responseTemplates = { 'application/json': '{"hello":"$context.stage"}' };
  await api.send(new PutIntegrationResponseCommand({ ...at, statusCode: '200', responseTemplates }));
  await api.send(new CreateDeploymentCommand({ restApiId, stageName: 'dev' }));
  return restApiId;
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request to the engine's port under any name, as DNS would lead it there. */
function send(
  host: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: cloud.port,
      path,
      method,
      headers: { ...headers, host },
    });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.end();
  });
}

describe('what the engine says of itself', () => {
  test('health names every service as running', async () => {
    const { status, body } = await send(`localhost:${cloud.port}`, '/_localstack/health');
    expect(status).toBe(200);
    const { services } = JSON.parse(body) as { services: Record<string, string> };
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(
        [
          'sts iam ssm ecr cloudformation s3 dynamodb lambda apigateway logs secretsmanager kms',
          'ec2 rds elasticache cloudfront',
        ].flatMap((names) => names.split(' ')),
      ),
    );
    expect(new Set(Object.values(services))).toEqual(new Set(['running']));
  });

  test('health answers HEAD, as probes ask', async () => {
    expect((await send('localhost', '/_localstack/health', {}, 'HEAD')).status).toBe(200);
  });

  test('init says that all stages are through', async () => {
    expect(JSON.parse((await send('localhost', '/_localstack/init')).body)).toEqual({
      completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false },
      scripts: [],
    });
  });

  test.each(['BOOT', 'START', 'READY'])('init of the stage %s', async (stage) => {
    expect(JSON.parse((await send('localhost', `/_localstack/init/${stage.toLowerCase()}`)).body)).toEqual({
      completed: true,
      scripts: [],
    });
  });

  test('info has a version and an edition', async () => {
    expect(JSON.parse((await send('localhost', '/_localstack/info')).body)).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+/),
      edition: 'tierkit',
      is_docker: false,
    });
  });

  test('another page is not there', async () => {
    expect((await send('localhost', '/_localstack/nothing')).status).toBe(404);
  });
});

describe('S3 under its names', () => {
  test.each([
    ['localhost', '/shelf/a/book.txt'],
    ['127.0.0.1', '/shelf/a/book.txt'],
    ['localhost.localstack.cloud', '/shelf/a/book.txt'],
    ['s3.localhost.localstack.cloud', '/shelf/a/book.txt'],
    ['s3.localhost', '/shelf/a/book.txt'],
    ['s3.us-east-1.localhost.localstack.cloud', '/shelf/a/book.txt'],
    ['s3.us-east-1.amazonaws.com', '/shelf/a/book.txt'],
    ['shelf.s3.localhost.localstack.cloud', '/a/book.txt'],
    ['shelf.s3.localhost', '/a/book.txt'],
    ['shelf.s3.us-east-1.localhost.localstack.cloud', '/a/book.txt'],
    ['shelf.s3.amazonaws.com', '/a/book.txt'],
    ['shelf.s3.us-east-1.amazonaws.com', '/a/book.txt'],
  ])('%s%s is the object', async (name, path) => {
    const host = `${name}:${cloud.port}`;
    const headers = signedHeaders({ method: 'GET', url: path, headers: { host } }, { service: 's3' });
    const answer = await send(host, path, headers);
    expect(answer).toMatchObject({ status: 200, body: 'words' });
  });
});

describe('deployed APIs under their names', () => {
  const cases: [string, (id: string) => [string, string]][] = [
    ['_user_request_', (id) => ['localhost', `/restapis/${id}/dev/_user_request_/`]],
    ['_user_request_ without a slash', (id) => ['localhost', `/restapis/${id}/dev/_user_request_`]],
    ['_aws/execute-api', (id) => ['localhost', `/_aws/execute-api/${id}/dev/`]],
    ['localhost', (id) => [`${id}.execute-api.localhost`, '/dev/']],
    ['localhost.localstack.cloud', (id) => [`${id}.execute-api.localhost.localstack.cloud`, '/dev']],
    ['amazonaws.com', (id) => [`${id}.execute-api.us-east-1.amazonaws.com`, '/dev']],
  ];
  test.each(cases)('%s', async (_name, where) => {
    const [host, path] = where(apiId);
    const answer = await send(`${host}:${cloud.port}`, path);
    expect(answer).toMatchObject({ status: 200, body: '{"hello":"dev"}' });
  });

  test('an API that is not there is forbidden, as on AWS', async () => {
    const answer = await send('abcdefghij.execute-api.localhost', '/dev/');
    expect(answer).toMatchObject({ status: 403, body: '{"message":"Forbidden"}' });
  });
});

describe('presigned URLs', () => {
  /** As boto3 and the AWS CLI sign in us-east-1. */
  function version2(expires: number): string {
    const signature = createHmac('sha1', 'test')
      .update(`GET\n\n\n${expires}\n/shelf/a/book.txt`)
      .digest('base64');
    return `/shelf/a/book.txt?AWSAccessKeyId=test&Signature=${encodeURIComponent(signature)}&Expires=${expires}`;
  }
  const now = () => Math.floor(Date.now() / 1000);
  const version4 = (at: Date, seconds: string) =>
    presignedUrl({ method: 'GET', path: '/shelf/a/book.txt', host: 'localhost' }, { at, seconds });

  test('of signature version 2', async () => {
    expect(await send('localhost', version2(now() + 60))).toMatchObject({ status: 200, body: 'words' });
  });

  test('of signature version 2 end', async () => {
    const { status, body } = await send('localhost', version2(now() - 60));
    expect(status).toBe(403);
    expect(body).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>');
    expect(body).toMatch(/<Expires>[^<]+Z<\/Expires><ServerTime>[^<]+Z<\/ServerTime>/);
  });

  test('of signature version 2 need all their parts', async () => {
    const { status, body } = await send(
      'localhost',
      `/shelf/a/book.txt?AWSAccessKeyId=test&Expires=${now() + 60}`,
    );
    expect(status).toBe(403);
    expect(body).toContain('Query-string authentication requires the Signature, Expires and AWSAccessKeyId');
  });

  test('of signature version 4', async () => {
    expect(await send('localhost', version4(new Date(), '60'))).toMatchObject({ status: 200, body: 'words' });
  });

  test('of signature version 4 end', async () => {
    const { status, body } = await send('localhost', version4(new Date(Date.now() - 120_000), '60'));
    expect(status).toBe(403);
    expect(body).toContain('<Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires>');
  });

  test('live for a week at most', async () => {
    const { status, body } = await send('localhost', version4(new Date(), '604801'));
    expect(status).toBe(400);
    expect(body).toContain('<Code>AuthorizationQueryParametersError</Code>');
  });
});
