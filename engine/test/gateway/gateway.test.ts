import { request } from 'node:http';
import { connect } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { AssumeRootCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { startCloud, type TestCloud } from '../../src/testing';
import { signedHeaders } from '../support/signed';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.stop());

/** Sends bytes as they are and gives all that comes back until the connection ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(cloud.port, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

/** What an SDK would never send, signed all the same. */
function post(service: string, headers: Record<string, string>, body: string): Promise<Response> {
  const host = `127.0.0.1:${cloud.port}`;
  const signed = signedHeaders(
    { method: 'POST', url: '/', headers: { ...headers, host }, body },
    { service },
  );
  return fetch(`${cloud.endpoint}/`, { method: 'POST', headers: signed, body });
}

describe('who calls', () => {
  test('test/test is the administrator of 000000000000', async () => {
    const identity = await cloud.client(STSClient).send(new GetCallerIdentityCommand({}));
    expect(identity).toMatchObject({ Account: '000000000000', Arn: 'arn:aws:iam::000000000000:root' });
  });

  test('a 12-digit key is the administrator of that account', async () => {
    const sts = cloud.client(STSClient, {
      credentials: { accessKeyId: '123456789012', secretAccessKey: 'test' },
    });
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '123456789012' });
  });

  test.each([
    ['query', STSClient, new GetCallerIdentityCommand({}), 'InvalidClientTokenId'],
    ['json', DynamoDBClient, new ListTablesCommand({}), 'UnrecognizedClientException'],
    ['rest-json', LambdaClient, new ListFunctionsCommand({}), 'UnrecognizedClientException'],
  ])('a key that nobody was given is refused (%s)', async (_protocol, Client, command, code) => {
    const client = cloud.client(Client as typeof STSClient, {
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' },
    });
    await expect(client.send(command as GetCallerIdentityCommand)).rejects.toMatchObject({
      name: code,
      message: 'The security token included in the request is invalid.',
    });
  });

  test('an unsigned request is refused', async () => {
    const response = await fetch(`${cloud.endpoint}/`, {
      method: 'POST',
      headers: {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
      },
      body: '{}',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('MissingAuthenticationTokenException');
  });
});

describe('honesty', () => {
  test('an operation that is not implemented answers 501 with its name', async () => {
    await expect(
      cloud.client(STSClient).send(
        new AssumeRootCommand({
          TargetPrincipal: '123456789012',
          TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
        }),
      ),
    ).rejects.toMatchObject({
      message: expect.stringContaining('sts:AssumeRoot'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  test('a service that is not there answers 501 with its name', async () => {
    const response = await post('sagemaker', {}, '{}');
    expect(response.status).toBe(501);
    expect(await response.text()).toContain("the service 'sagemaker'");
  });
});

describe('bad input', () => {
  test.each([
    [
      'no such target',
      'dynamodb',
      {
        'x-amz-target': 'DynamoDB_20120810.Nope',
        'content-type': 'application/x-amz-json-1.0',
      },
      '{}',
      'UnknownOperationException',
    ],
    [
      'broken JSON',
      'dynamodb',
      {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
      },
      '{"Limit":',
      'SerializationException',
    ],
    [
      'a string for a number',
      'dynamodb',
      {
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'content-type': 'application/x-amz-json-1.0',
      },
      '{"Limit":"x"}',
      'SerializationException',
    ],
    [
      'no such action',
      'sts',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=Nope&Version=2011-06-15',
      'InvalidAction',
    ],
    [
      'no such EC2 action',
      'ec2',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'Action=Nope&Version=2016-11-15',
      'InvalidAction',
    ],
  ])('%s is refused with AWS’s code and no stack trace', async (_name, service, headers, body, code) => {
    const response = await post(service, headers, body);
    const text = await response.text();
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(text).toContain(code);
    expect(text).not.toMatch(/\n\s+at /);
  });

  test('what is not HTTP ends the connection only', async () => {
    expect(await raw('\u0001\u0002\u0003 nonsense\r\n\r\n')).toMatch(/^HTTP\/1\.1 400|^$/);
    expect(await raw('GET / HTTP/1.1\r\nHost: x\r\nContent-Length: nope\r\n\r\n')).toMatch(/^HTTP\/1\.1 400/);
    await cloud.client(STSClient).send(new GetCallerIdentityCommand({}));
  });

  test('100 MB where AWS refuses them are refused, and the engine stays', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sending = request(
        `${cloud.endpoint}/`,
        {
          method: 'POST',
          headers: {
            'x-amz-target': 'DynamoDB_20120810.PutItem',
            'content-type': 'application/x-amz-json-1.0',
            // Refused before anybody looks at the signature.
            authorization:
              'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
          },
        },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      );
      // The engine answers before the body is through and ends the connection: writing on fails, as it should.
      sending.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'EPIPE' || error.code === 'ECONNRESET' ? undefined : reject(error),
      );
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      let sent = 0;
      const pump = () => {
        while (sent < 100) {
          sent += 1;
          if (!sending.write(chunk)) return void sending.once('drain', pump);
        }
        sending.end();
      };
      pump();
    });
    expect(status).toBe(413);
    await cloud.client(STSClient).send(new GetCallerIdentityCommand({}));
  });
});

describe('LocalStack’s conventions', () => {
  test('health and init say ready', async () => {
    const health = (await (await fetch(`${cloud.endpoint}/_localstack/health`)).json()) as {
      services: Record<string, string>;
    };
    expect(health.services.dynamodb).toBe('running');
    expect(await (await fetch(`${cloud.endpoint}/_localstack/init`)).json()).toMatchObject({
      completed: { READY: true },
    });
  });

  test('one port speaks TLS too, with a certificate of the local authority for the name that is asked for', async () => {
    const { connect: connectTls } = await import('node:tls');
    const { readFile } = await import('node:fs/promises');
    await cloud.cloud.parts.addresses.caReady();
    const ca = await readFile(cloud.cloud.parts.addresses.caFile, 'utf8');
    const subject = await new Promise<string>((resolve, reject) => {
      const socket = connectTls(
        { port: cloud.port, host: '127.0.0.1', servername: 'sts.us-east-1.amazonaws.com', ca },
        () => {
          resolve(socket.getPeerCertificate().subjectaltname ?? '');
          socket.destroy();
        },
      );
      socket.on('error', reject);
    });
    expect(subject).toContain('DNS:sts.us-east-1.amazonaws.com');
  });

  test('state and authority are readable by their owner only', async () => {
    const { stat } = await import('node:fs/promises');
    await cloud.cloud.parts.addresses.caReady();
    const folder = cloud.cloud.folder.path;
    expect((await stat(folder)).mode & 0o077).toBe(0);
    for (const file of ['ca.key', 'names.json', 'state.lmdb'])
      expect((await stat(`${folder}/${file}`)).mode & 0o077).toBe(0);
  });

  test('EC2 answers in its own protocol', async () => {
    const { Vpcs } = await cloud.client(EC2Client).send(new DescribeVpcsCommand({}));
    expect(Vpcs?.every((vpc) => vpc.VpcId?.startsWith('vpc-'))).toBe(true);
  });
});
