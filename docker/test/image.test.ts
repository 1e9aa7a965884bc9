import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateReplicationGroupCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { GetFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateDBInstanceCommand, RDSClient, waitUntilDBInstanceAvailable } from '@aws-sdk/client-rds';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Client } from 'pg';
import {
  again,
  CREDENTIALS,
  docker,
  image,
  removeAll,
  type Started,
  start,
  volume,
  whereDockerIs,
} from './docker';

const run = promisify(execFile);
const clients: { destroy(): void }[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-image-'));
  chmodSync(folder, 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await removeAll();
});

function client<C extends { destroy(): void }>(
  Client: new (configuration: typeof CREDENTIALS & { endpoint: string; forcePathStyle?: boolean }) => C,
  { endpoint }: Started,
): C {
  const made = new Client({ ...CREDENTIALS, endpoint, forcePathStyle: true });
  clients.push(made);
  return made;
}

function file(path: string, text: string, mode = 0o755): void {
  const name = join(folder, path);
  mkdirSync(dirname(name), { recursive: true });
  writeFileSync(name, text);
  chmodSync(name, mode);
}

interface Urls {
  endpoint: string;
  sites: { id: string; url: string; pathUrl: string; port?: number }[];
  databases: { id: string; engine: string; host: string; port: number }[];
}
const urls = async ({ endpoint }: Started) =>
  (await (await fetch(`${endpoint}/_tierkit/urls`)).json()) as Urls;

/** Until it is there: a server starts in the background. */
async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((later) => setTimeout(later, 100));
  }
}

whereDockerIs('the container', () => {
  test('is small, healthy soon, and not root', async () => {
    const container = await start();
    const health = await eventually(async () => {
      const state = JSON.parse(await docker('inspect', '-f', '{{json .State}}', container.name)) as {
        StartedAt: string;
        Health: { Status: string; Log: { End: string; ExitCode: number }[] };
      };
      const first = state.Health.Log.find(({ ExitCode }) => ExitCode === 0);
      return state.Health.Status === 'healthy' && first
        ? Date.parse(first.End) - Date.parse(state.StartedAt)
        : undefined;
    });
    const bytes = Number(await docker('image', 'inspect', '-f', '{{.Size}}', image));
    const memory = await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', container.name);
    process.stderr.write(
      `image ${Math.round(bytes / 1e6)} MB, healthy after ${health} ms, memory ${memory}\n`,
    );
    expect(bytes).toBeLessThan(400e6);
    expect(await container.exec('id', '-u')).toBe('1000');
    const users = (await docker('top', container.name, '-eo', 'uid,pid')).split('\n').slice(1);
    expect(new Set(users.map((line) => Number(line.trim().split(/\s+/)[0])))).toEqual(new Set([1000]));
  });

  test('another port is another port, for the checks and awslocal too', async () => {
    const container = await start('-e', 'GATEWAY_LISTEN=0.0.0.0:5001', '-p', '127.0.0.1:0:5001');
    await container.exec('awslocal', 's3', 'mb', 's3://moved');
    const { stdout } = await run('curl', [
      '-sf',
      `http://127.0.0.1:${await container.port(5001)}/_localstack/health`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ edition: 'tierkit' });
    await eventually(async () =>
      (await docker('inspect', '-f', '{{.State.Health.Status}}', container.name)) === 'healthy'
        ? true
        : undefined,
    );
  });

  test('stops in good order, and leaves no process unreaped', async () => {
    const container = await start();
    await container.exec('sh', '-c', '(sleep 0.1 &) ; true');
    const states = await eventually(async () => {
      const processes = await docker('top', container.name, '-eo', 'stat,pid,args');
      return processes.includes('sleep') ? undefined : processes;
    });
    expect(states).not.toMatch(/^Z/m);
    await docker('stop', container.name);
    const state = '{{.State.ExitCode}} {{.State.OOMKilled}}';
    expect(await docker('inspect', '-f', state, container.name)).toBe('0 false');
  });

  test('a state folder of somebody else is told in a line', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    await expect(start('-e', 'PERSISTENCE=1', '-v', `${locked}:/var/lib/localstack`)).rejects.toThrow(
      /The state folder \/var\/lib\/localstack\/state cannot be written \(EACCES\)/,
    );
  });
});

whereDockerIs('state', () => {
  test('PERSISTENCE=1 keeps it in the volume: over a stop, a kill, and another container', async () => {
    const state = await volume();
    const options = ['-e', 'PERSISTENCE=1', '-v', `${state}:/var/lib/localstack`];
    const first = await start(...options);
    const key = { id: { S: 'a' } };
    const table = client(DynamoDBClient, first);
    await table.send(
      new CreateTableCommand({
        TableName: 'shows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    await table.send(new PutItemCommand({ TableName: 'shows', Item: { ...key, title: { S: 'Hamlet' } } }));
    const titleIn = async (container: Started) =>
      (await client(DynamoDBClient, container).send(new GetItemCommand({ TableName: 'shows', Key: key })))
        .Item?.title?.S;
    await docker('kill', '-s', 'KILL', first.name);
    const second = await again(first);
    expect(await titleIn(second)).toBe('Hamlet');
    await docker('stop', second.name);
    await docker('rm', second.name);
    expect(await titleIn(await start(...options))).toBe('Hamlet');
  });

  test('without it nothing is kept', async () => {
    const first = await start();
    await client(S3Client, first).send(new CreateBucketCommand({ Bucket: 'gone' }));
    await docker('kill', '-s', 'KILL', first.name);
    const second = await again(first);
    const { Buckets = [] } = await client(S3Client, second).send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).not.toContain('gone');
    expect((await second.exec('sh', '-c', 'ls -d /tmp/tierkit-*')).split('\n')).toHaveLength(1);
  });
});

whereDockerIs('init scripts', () => {
  test('run at their stages, with awslocal and boto3', async () => {
    const state = await volume();
    file('init/boot.d/1.sh', '#!/bin/bash\necho stage boot\n');
    file('init/start.d/1.sh', '#!/bin/bash\necho stage start\nawslocal s3 mb s3://from-the-shell\n');
    file(
      'init/ready.d/1.py',
      "import boto3\nboto3.client('s3').put_object(Bucket='from-the-shell', Key='a', Body=b'python')\n",
      0o644,
    );
    file('init/ready.d/2.sh', '#!/bin/bash\nexit 9\n');
    file(
      'init/ready.d/3/3.sh',
      '#!/bin/bash\nawslocal s3 cp s3://from-the-shell/a s3://from-the-shell/b\necho seeded\n',
    );
    file(
      'init/shutdown.d/1.sh',
      '#!/bin/bash\nawslocal s3 cp s3://from-the-shell/b /var/lib/localstack/saved\n',
    );
    const container = await start(
      '-v',
      `${join(folder, 'init')}:/etc/localstack/init:ro`,
      '-v',
      `${state}:/var/lib/localstack`,
    );
    const init = async () =>
      (await (await fetch(`${container.endpoint}/_localstack/init`)).json()) as {
        completed: Record<string, boolean>;
        scripts: { name: string; state: string }[];
      };
    const { scripts } = await eventually(async () => {
      const report = await init();
      return report.completed.READY ? report : undefined;
    });
    expect(scripts.map(({ name, state }) => `${name} ${state}`)).toEqual([
      '1.sh SUCCESSFUL',
      '1.sh SUCCESSFUL',
      '1.py SUCCESSFUL',
      '2.sh ERROR',
      '3.sh SUCCESSFUL',
      '1.sh UNKNOWN',
    ]);
    const object = await client(S3Client, container).send(
      new GetObjectCommand({ Bucket: 'from-the-shell', Key: 'b' }),
    );
    expect(await object.Body?.transformToString()).toBe('python');
    await docker('stop', container.name);
    const kept = await docker(
      'run',
      '--rm',
      '-v',
      `${state}:/kept`,
      '--entrypoint',
      'cat',
      image,
      '/kept/saved',
    );
    expect(kept).toBe('python');
    const logs = await container.logs();
    expect(logs.indexOf('stage boot')).toBeLessThan(logs.indexOf('stage start'));
    expect(logs.indexOf('stage start')).toBeLessThan(logs.indexOf('Ready.'));
    expect(logs).toContain('/etc/localstack/init/ready.d/2.sh: ended with exit code 9');
  });
});

whereDockerIs('from outside', () => {
  test('functions run, and their code is to be had at the port that is published', async () => {
    const container = await start();
    const stack = client(CloudFormationClient, container);
    await stack.send(
      new CreateStackCommand({
        StackName: 'hello',
        Capabilities: ['CAPABILITY_IAM'],
        TemplateBody: JSON.stringify({
          Resources: {
            Role: {
              Type: 'AWS::IAM::Role',
              Properties: {
                AssumeRolePolicyDocument: {
                  Version: '2012-10-17',
                  Statement: [
                    {
                      Effect: 'Allow',
                      Principal: { Service: 'lambda.amazonaws.com' },
                      Action: 'sts:AssumeRole',
                    },
                  ],
                },
                Policies: [
                  {
                    PolicyName: 'list',
                    PolicyDocument: {
                      Version: '2012-10-17',
                      Statement: [{ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }],
                    },
                  },
                ],
              },
            },
            Function: {
              Type: 'AWS::Lambda::Function',
              Properties: {
                FunctionName: 'hello',
                Runtime: 'nodejs22.x',
                Handler: 'index.handler',
                Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
                Code: {
                  ZipFile:
                    "const { S3Client, ListBucketsCommand } = require('@aws-sdk/client-s3');\nexports.handler = async () => (await new S3Client({}).send(new ListBucketsCommand({}))).Buckets.map((b) => b.Name);",
                },
              },
            },
          },
        }),
      }),
    );
    await waitUntilStackCreateComplete(
      { client: stack, maxWaitTime: 60, minDelay: 1 },
      { StackName: 'hello' },
    );
    await client(S3Client, container).send(new CreateBucketCommand({ Bucket: 'seen-by-a-function' }));
    const lambda = client(LambdaClient, container);
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: 'hello' }));
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toContain('seen-by-a-function');
    const { Code } = await lambda.send(new GetFunctionCommand({ FunctionName: 'hello' }));
    expect(Code?.Location?.startsWith(`${container.endpoint}/`)).toBe(true);
    const archive = Buffer.from(await (await fetch(Code?.Location ?? '')).arrayBuffer());
    expect(archive.subarray(0, 2).toString()).toBe('PK');
  });

  test('Postgres and Valkey answer at the ports that are published, and trust is to be had', async () => {
    const container = await start('-p', '127.0.0.1:0:4510', '-p', '127.0.0.1:0:4530');
    const rds = client(RDSClient, container);
    const login = { MasterUsername: 'keeper', MasterUserPassword: 'correct-horse' };
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: 'tickets',
        DBInstanceClass: 'db.t4g.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        ...login,
      }),
    );
    await client(ElastiCacheClient, container).send(
      new CreateReplicationGroupCommand({
        ReplicationGroupId: 'shows',
        ReplicationGroupDescription: 'shows',
        Engine: 'valkey',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 1,
        TransitEncryptionEnabled: false,
      }),
    );
    await waitUntilDBInstanceAvailable(
      { client: rds, maxWaitTime: 120, minDelay: 1 },
      { DBInstanceIdentifier: 'tickets' },
    );
    const databases = await eventually(async () => {
      const found = (await urls(container)).databases;
      return new Set(found.map(({ engine }) => engine)).size === 2 ? found : undefined;
    });
    const at = (engine: string) => databases.find((database) => database.engine === engine);
    expect(at('postgres')).toMatchObject({ host: '127.0.0.1', port: 4510 });
    expect(at('valkey')).toMatchObject({ port: 4530 });

    const ca = await (await fetch(`${container.endpoint}/_tierkit/ca.pem`)).text();
    const postgres = new Client({
      host: '127.0.0.1',
      port: await container.port(4510),
      user: login.MasterUsername,
      password: login.MasterUserPassword,
      database: 'postgres',
      ssl: { ca },
    });
    await postgres.connect();
    expect((await postgres.query('SELECT 6 * 7 AS answer')).rows).toEqual([{ answer: 42 }]);
    await postgres.end();

    const ping = await run('bash', [
      '-c',
      `exec 3<>/dev/tcp/127.0.0.1/${await container.port(4530)}; printf 'PING\\r\\n' >&3; head -1 <&3`,
    ]);
    expect(ping.stdout.trim()).toBe('+PONG');
  });

  test('a site answers by name and by path at the one port, and at one of its own', async () => {
    const container = await start('-p', '127.0.0.1:0:4550');
    const s3 = client(S3Client, container);
    await s3.send(new CreateBucketCommand({ Bucket: 'pages' }));
    await s3.send(new PutObjectCommand({ Bucket: 'pages', Key: 'index.html', Body: '<h1>Theatre</h1>' }));
    const { Distribution } = await client(CloudFrontClient, container).send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: '1',
          Comment: 'pages',
          Enabled: true,
          DefaultRootObject: 'index.html',
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 'engine',
                DomainName: 'pages.s3.us-east-1.amazonaws.com',
                S3OriginConfig: { OriginAccessIdentity: '' },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 'engine',
            ViewerProtocolPolicy: 'allow-all',
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          },
        },
      }),
    );
    const site = (await urls(container)).sites.find(({ id }) => id === Distribution?.Id);
    const { port } = new URL(container.endpoint);
    const label = Distribution?.DomainName?.split('.')[0];
    expect(site).toMatchObject({
      url: `http://${label}.cloudfront.localhost:${port}/`,
      pathUrl: `${container.endpoint}/_tierkit/sites/${Distribution?.Id}/`,
      port: 4550,
    });
    const refused = 403; // The bucket lets nobody in: CloudFront's own answer shows that the site was reached.
    const byPath = await fetch(site?.pathUrl ?? '');
    const byPort = await fetch(`http://127.0.0.1:${await container.port(4550)}/`);
    for (const answer of [byPath, byPort]) {
      expect(answer.status).toBe(refused);
      expect(answer.headers.get('x-amz-cf-id')).not.toBeNull();
    }
    const byName = await run('curl', [
      '-si',
      '-H',
      `Host: ${label}.cloudfront.localhost:${port}`,
      `${container.endpoint}/`,
    ]);
    expect(byName.stdout.toLowerCase()).toContain('x-amz-cf-id');
  });
});
