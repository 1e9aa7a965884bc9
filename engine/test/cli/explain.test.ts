import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { Access, AccessReport } from '../../src/cloud/access';
import type { Explained } from '../../src/cloud/explain';
import type { TestCloud } from '../../src/testing';
import { Bed, proxyTo } from '../apigateway/support';
import { document, trust, WHOLE_ACCOUNT } from '../identity/callers';
import { zip } from '../lambda/support';
import { scratch, tierkit } from './command';

const ACCOUNT = '000000000000';
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/shows`;
const folder = scratch();
let bed: Bed;
let cloud: TestCloud;
let iam: IAMClient;

/** The commands find this engine by the card that a started one leaves. */
beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  cloud = bed.cloud;
  iam = cloud.client(IAMClient);
  const card = { pid: process.pid, port: cloud.port, endpoint: cloud.endpoint };
  writeFileSync(join(folder.path, 'engine.json'), JSON.stringify(card));
  await cloud.client(DynamoDBClient).send(
    new CreateTableCommand({
      TableName: 'shows',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
});
afterAll(async () => {
  await bed.stop();
  folder.remove();
});

async function newRole(RoleName: string, AssumeRolePolicyDocument: string, policy?: string): Promise<string> {
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  if (policy)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy }));
  return Role?.Arn ?? '';
}

async function assume(RoleArn: string) {
  const { Credentials } = await cloud
    .client(STSClient)
    .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return {
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    maxAttempts: 1,
  };
}

async function run(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await tierkit([...args, '--state', folder.path]);
  if (code !== 0) throw new Error(stderr);
  return stdout;
}

interface Refusal extends Error {
  $metadata: { requestId?: string };
}
const refusalOf = (work: Promise<unknown>): Promise<Refusal> =>
  work.then(
    () => {
      throw new Error('it was allowed');
    },
    (error: Refusal) => error,
  );
const get = new GetItemCommand({ TableName: 'shows', Key: { id: { S: 'hunter2' } } });

const reportOn = async (role: string): Promise<AccessReport> => {
  const { reports } = JSON.parse(await run('access', '--json', '--role', role)) as Access;
  expect(reports).toHaveLength(1);
  return reports[0]!;
};

test('a refusal: who, what, what was considered, and the statement to add', async () => {
  const role = await newRole(
    'reader',
    trust(WHOLE_ACCOUNT),
    document(
      { Sid: 'Elsewhere', Action: 'dynamodb:GetItem', Resource: TABLE.replace('shows', 'tickets') },
      { Action: 's3:*' },
    ),
  );
  const client = cloud.client(DynamoDBClient, await assume(role));
  const { $metadata } = await refusalOf(client.send(get));
  const id = $metadata.requestId ?? '';
  expect(await run('logs')).toContain(`See: tierkit explain ${id}`);
  const line = `${id} dynamodb:GetItem on ${TABLE} to reader`;
  expect((await run('explain')).trimEnd()).toMatch(new RegExp(`^[\\d:.]{12} ${line}$`, 'm'));

  const text = await run('explain', id);
  expect(text).not.toContain('hunter2');
  expect(text.slice(text.indexOf('\n') + 1)).toBe(
    `  request   ${id}
  caller    arn:aws:sts::${ACCOUNT}:assumed-role/reader/session
  role      ${role}
  action    dynamodb:GetItem
  resource  ${TABLE}
  because   no identity-based policy allows it

  Considered
    identity: own
        statement Elsewhere (Allow): its resources are others: ${TABLE.replace('shows', 'tickets')}
      1 more statement about other actions

  Add to the policies of the role reader:
    new iam.PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: ['${TABLE}'],
    })
`,
  );
  expect(text).toMatch(/^Refused {2}\d\d:\d\d:\d\d\.\d{3}\n/);

  // The statement that it names is the one that was missing.
  const { decisions } = JSON.parse(await run('explain', '--json', id.slice(0, 13))) as Explained;
  const { actions, resources } = decisions[0]?.advice?.grant ?? {};
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'reader',
      PolicyName: 'added',
      PolicyDocument: document({ Action: actions, Resource: resources }),
    }),
  );
  const allowed = await client.send(get);
  const again = await run('explain', allowed.$metadata.requestId ?? '');
  expect(again).toContain('because   statement 0 of added (identity-based policy) allows it');
  expect(again).toContain('      ▸ statement 0 (Allow): allows it');
  // What was known then counts, whatever happened since.
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'reader', PolicyName: 'added' }));
  expect(await run('explain', allowed.$metadata.requestId ?? '')).toBe(again);
});

test('of a request that nobody decided about it says why', async () => {
  const { $metadata } = await cloud.client(DynamoDBClient).send(get);
  const explain = (id: string) => tierkit(['explain', id, '--state', folder.path]);
  expect(await explain($metadata.requestId ?? '')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("dynamodb:GetItem (200): the account's administrator (test/test) called"),
  });
  const wrong = cloud.client(DynamoDBClient, {
    credentials: { accessKeyId: 'test', secretAccessKey: 'wrong' },
    maxAttempts: 1,
  });
  const forged = await refusalOf(wrong.send(get));
  expect((await explain(forged.$metadata.requestId ?? '')).stderr).toContain('InvalidSignatureException');
  expect((await explain('no-such-request')).stderr).toContain(
    'No decision about the request no-such-request',
  );
});

test('a request to an API: the calls that its function made', async () => {
  const role = await newRole(
    'function',
    trust({ Principal: { Service: 'lambda.amazonaws.com' } }),
    document({ Action: 'dynamodb:GetItem', Resource: TABLE }, { Action: 'logs:*' }),
  );
  const code = `
    const { DynamoDBClient, GetItemCommand, ScanCommand } = require('@aws-sdk/client-dynamodb');
    const client = new DynamoDBClient({ maxAttempts: 1 });
    exports.handler = async () => {
      await client.send(new GetItemCommand({ TableName: 'shows', Key: { id: { S: '1' } } }));
      const error = await client.send(new ScanCommand({ TableName: 'shows' })).catch((error) => error);
      return { statusCode: 200, body: error.name };
    };`;
  const { FunctionArn = '' } = await bed.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'list',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: role,
      Code: { ZipFile: zip({ 'index.js': code }) },
    }),
  );
  const api = await bed.newApi();
  await api.method('GET', '/shows', proxyTo(FunctionArn));
  await api.deploy();
  const ask = () => fetch(`${cloud.endpoint}/restapis/${api.id}/prod/_user_request_/shows`);

  const shut = await ask();
  expect(shut.status).toBe(500);
  const why = await run('explain', shut.headers.get('x-amzn-requestid') ?? '');
  expect(why).toContain(`500 GET /shows (${api.id}/prod) led to:`);
  expect(why).toContain('caller    apigateway.amazonaws.com');
  expect(why).toContain(
    `theFunction.addPermission('Invoke', {
      principal: new iam.ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: 'arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.id}/prod/GET/shows',
    })`,
  );

  await bed.permit('list');
  const answer = await ask();
  expect(await answer.text()).toBe('AccessDeniedException');
  const text = await run('explain', answer.headers.get('x-amzn-requestid') ?? '');
  expect(text).toMatch(/Allowed {2}[\d:.]{12} lambda:InvokeFunction on /);
  expect(text).toMatch(/Allowed {2}[\d:.]{12} dynamodb:GetItem on /);
  expect(text).toMatch(/Refused {2}[\d:.]{12}\n/);
  expect(text).toContain(`actions: ['dynamodb:Scan'],\n      resources: ['${TABLE}'],`);
});

test('a request that the API’s own policy refuses', async () => {
  const everywhere = { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' };
  const Condition = { IpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::/0'] } };
  const policy = {
    Version: '2012-10-17',
    Statement: [everywhere, { ...everywhere, Sid: 'NotFromHere', Effect: 'Deny', Condition }],
  };
  const api = await bed.newApi({ policy: JSON.stringify(policy) });
  await api.method('GET', '/shows', { type: 'MOCK', requestTemplates: { 'application/json': '{}' } });
  await api.deploy();
  const { status, headers } = await fetch(`${cloud.endpoint}/restapis/${api.id}/prod/_user_request_/shows`);
  expect(status).toBe(403);
  const text = await run('explain', headers.get('x-amzn-requestid') ?? '');
  expect(text).toContain('Narrow or remove statement NotFromHere of');
  expect(text).toContain('▸ statement NotFromHere (Deny): denies it');
});

test('a stranger is told nothing, and the bucket’s owner why', async () => {
  await cloud.client(S3Client, { forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'shut' }));
  const { status, headers } = await fetch(`${cloud.endpoint}/shut/key`);
  expect(status).toBe(403);
  const text = await run('explain', headers.get('x-amz-request-id') ?? '');
  expect(text).toContain('caller    anonymous');
  expect(text).toContain('because   no resource-based policy allows it');
  expect(text).toContain('principals: [new iam.AnyPrincipal()]');
});

test('an invocation, and an event, hand the caller’s trace on', async () => {
  const sink = 'exports.handler = async () => process.env._X_AMZN_TRACE_ID;';
  await bed.newFunction('sink', sink, false);
  const Root = `1-${Math.floor(Date.now() / 1000).toString(16)}-0123456789abcdef01234567`;
  const traced = cloud.client(LambdaClient);
  traced.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['X-Amzn-Trace-Id'] = `Root=${Root};Parent=53995c3f42cd8ad8;Sampled=1`;
      return next(args);
    },
    { step: 'build' },
  );
  const { Payload } = await traced.send(new InvokeCommand({ FunctionName: 'sink' }));
  expect(Payload?.transformToString()).toContain(Root);
  const logged = new Promise<string>((resolve) => {
    const end = cloud.cloud.events.subscribe((event) => {
      if (event.type !== 'decision' || event.action !== 'dynamodb:GetItem' || !event.trace) return;
      end();
      resolve(event.trace);
    });
  });
  await traced.send(new InvokeCommand({ FunctionName: 'list', InvocationType: 'Event' }));
  expect(await logged).toContain(Root);
});

test('a call that another service makes on the caller’s behalf is found by the caller’s own id', async () => {
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const role = await newRole('sealer', trust(WHOLE_ACCOUNT), document({ Action: 'secretsmanager:*' }));
  const secrets = cloud.client(SecretsManagerClient, await assume(role));
  const { $metadata } = await refusalOf(
    secrets.send(
      new CreateSecretCommand({ Name: 'sealed', SecretString: 'hunter2', KmsKeyId: KeyMetadata?.Arn }),
    ),
  );
  const id = $metadata.requestId ?? '';
  const text = await run('explain', id);
  expect(text).toContain('action    secretsmanager:CreateSecret');
  expect(text).toMatch(new RegExp(`request {3}[0-9a-f-]{36}, which served ${id}`));
  expect(text).toContain('sealer/session by way of secretsmanager.amazonaws.com');
  expect(text).toMatch(/actions: \['kms:\w+'\]/);
  expect(await run('explain', '--json', id)).not.toContain('hunter2');
});

test('what a role used, was refused and never used, and the smallest policy', async () => {
  const bucket = 'posters';
  const admin = cloud.client(S3Client, { forcePathStyle: true });
  await admin.send(new CreateBucketCommand({ Bucket: bucket }));
  await admin.send(new CreateBucketCommand({ Bucket: 'elsewhere' }));
  const role = await newRole(
    'printer-7F3A',
    trust(WHOLE_ACCOUNT),
    document(
      { Action: ['s3:GetObject*', 's3:PutObject', 's3:DeleteObject'], Resource: `arn:aws:s3:::${bucket}/*` },
      { Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: [TABLE, `${TABLE}/index/*`] },
      { Action: ['xray:PutTraceSegments', 'ec2:CreateNetworkInterface'] },
      { Action: 'secretsmanager:*' },
    ),
  );
  const caller = await assume(role);
  const s3 = cloud.client(S3Client, { forcePathStyle: true, ...caller });
  for (const name of ['a', 'b', 'c', 'd'])
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `2026/${name}`, Body: 'x' }));
  await s3.send(new GetObjectCommand({ Bucket: bucket, Key: '2026/a' }));
  const dynamodb = cloud.client(DynamoDBClient, caller);
  for (let n = 0; n < 3; n++) await dynamodb.send(get);
  const { $metadata } = await refusalOf(
    s3.send(new PutObjectCommand({ Bucket: 'elsewhere', Key: 'k', Body: 'x' })),
  );

  const report = await reportOn('printer');
  expect(report.policy.Statement).toEqual([
    { Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: [TABLE] },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`arn:aws:s3:::${bucket}/2026/a`] },
    { Effect: 'Allow', Action: ['s3:PutObject'], Resource: [`arn:aws:s3:::${bucket}/2026/*`] },
  ]);
  const text = await run('access', '--role', role);
  expect(text).toBe(`${role}

  Used
    dynamodb:GetItem on ${TABLE}, 3 times
    s3:GetObject on arn:aws:s3:::${bucket}/2026/a, once
    s3:PutObject on arn:aws:s3:::${bucket}/2026/a, once
    s3:PutObject on arn:aws:s3:::${bucket}/2026/b, once
    s3:PutObject on arn:aws:s3:::${bucket}/2026/c, once
    s3:PutObject on arn:aws:s3:::${bucket}/2026/d, once

  Refused
    s3:PutObject on arn:aws:s3:::elsewhere/k, once: tierkit explain ${$metadata.requestId}

  Granted
    statement 0 of own:
      never used: s3:DeleteObject
      of s3:GetObject* only s3:GetObject
    statement 1 of own:
      never used: dynamodb:Query
      never on: ${TABLE}/index/*
    statement 3 of own: never used: secretsmanager:*

  The smallest policy that would have sufficed
    new iam.PolicyStatement({
      actions: ['dynamodb:GetItem'],
      resources: ['${TABLE}'],
    }),
    new iam.PolicyStatement({
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::${bucket}/2026/a'],
    }),
    new iam.PolicyStatement({
      actions: ['s3:PutObject'],
      resources: ['arn:aws:s3:::${bucket}/2026/*'],
    }),

  Granted too, and perhaps needed on AWS, where the engine cannot see it
    new iam.PolicyStatement({
      actions: [
        'xray:PutTraceSegments',
        'ec2:CreateNetworkInterface',
      ],
      resources: ['*'],
    }),
`);
  expect(await run('access')).toMatch(
    /^printer-7F3A {2}3 actions used, 3 granted and never used, 1 refused$/m,
  );

  // With that policy alone it can do what it did.
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'printer-7F3A',
      PolicyName: 'own',
      PolicyDocument: JSON.stringify(report.policy),
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: '2026/e', Body: 'x' }));
  await s3.send(new GetObjectCommand({ Bucket: bucket, Key: '2026/a' }));
  await dynamodb.send(get);
  await refusalOf(s3.send(new GetObjectCommand({ Bucket: bucket, Key: '2026/b' })));

  await run('access', '--forget');
  expect((await reportOn('printer')).used).toEqual([]);
  expect((await tierkit(['access', '--role', 'nobody', '--state', folder.path])).stderr).toContain(
    'No role or user nobody is known',
  );
});
