import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { bin } from '../cli/command';

let folder: string;
let running: Container[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-container-'));
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running = [];
  rmSync(folder, { recursive: true, force: true });
});

interface Container {
  child: ChildProcess;
  lines: string[];
  /** Resolves when a line begins so. */
  line(beginning: string): Promise<string>;
  ended: Promise<number | null>;
}

/** Runs what the image runs; `GATEWAY_LISTEN` takes any free port of loopback. */
function start(variables: Record<string, string> = {}): Container {
  const child = spawn(
    process.execPath,
    [bin, 'container', '--state', join(folder, 'state'), '--init', join(folder, 'init')],
    {
      env: { PATH: process.env.PATH, GATEWAY_LISTEN: '127.0.0.1:0', ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: string[] = [];
  const waiting: { beginning: string; found(line: string): void }[] = [];
  let rest = '';
  const read = (chunk: Buffer) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      lines.push(line);
      for (const one of waiting) if (line.startsWith(one.beginning)) one.found(line);
    }
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const container: Container = {
    child,
    lines,
    ended,
    line: (beginning) =>
      new Promise((found, reject) => {
        const before = lines.find((line) => line.startsWith(beginning));
        if (before) return found(before);
        waiting.push({ beginning, found });
        void ended.then((code) => reject(new Error(`ended with ${code}: ${lines.join('\n')}`)));
      }),
  };
  running.push(container);
  return container;
}

function script(path: string, text: string): void {
  const file = join(folder, 'init', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** A ready script tells where the engine is: nobody else knows the port. */
async function endpointOf(container: Container): Promise<string> {
  return (await container.line('endpoint ')).slice('endpoint '.length);
}
const TELL = 'echo "endpoint $AWS_ENDPOINT_URL"';

const CREDENTIALS = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

test('the stages run in their order, and the log says Ready.', async () => {
  for (const stage of ['boot', 'start', 'ready', 'shutdown'])
    script(`${stage}.d/1.sh`, `echo stage ${stage}`);
  script('ready.d/2.sh', TELL);
  script('ready.d/3.sh', 'exit 7');
  const container = start();
  await container.line('ERROR init script');
  const endpoint = await endpointOf(container);
  const get = async (path: string) => (await fetch(endpoint + path)).json();
  const ready = [
    { stage: 'READY', name: '1.sh', state: 'SUCCESSFUL' },
    { stage: 'READY', name: '2.sh', state: 'SUCCESSFUL' },
    { stage: 'READY', name: '3.sh', state: 'ERROR' },
  ];
  expect(await get('/_localstack/init')).toEqual({
    completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false },
    scripts: [
      { stage: 'BOOT', name: '1.sh', state: 'SUCCESSFUL' },
      { stage: 'START', name: '1.sh', state: 'SUCCESSFUL' },
      ...ready,
      { stage: 'SHUTDOWN', name: '1.sh', state: 'UNKNOWN' },
    ],
  });
  expect(await get('/_localstack/init/ready')).toEqual({ completed: true, scripts: ready });
  expect((await fetch(`${endpoint}/_localstack/init/lunch`)).status).toBe(404);

  container.child.kill('SIGTERM');
  expect(await container.ended).toBe(0);
  expect(container.lines.filter((line) => /^(stage|Ready)/.test(line))).toEqual([
    'stage boot',
    'stage start',
    'Ready.',
    'stage ready',
    'stage shutdown',
  ]);
});

test('PERSISTENCE=1 keeps the state, also when it is killed; without it nothing stays', async () => {
  script('ready.d/1.sh', TELL);
  const buckets = async (container: Container) => {
    const client = new S3Client({
      ...CREDENTIALS,
      endpoint: await endpointOf(container),
      forcePathStyle: true,
    });
    try {
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
      await client.send(new CreateBucketCommand({ Bucket: `kept-${Buckets.length}` }));
      return Buckets.map(({ Name }) => Name).filter((name) => name?.startsWith('kept'));
    } finally {
      client.destroy();
    }
  };
  const first = start({ PERSISTENCE: '1' });
  expect(await buckets(first)).toEqual([]);
  first.child.kill('SIGKILL');
  await first.ended;
  const second = start({ PERSISTENCE: '1' });
  expect(await buckets(second)).toHaveLength(1);
  second.child.kill('SIGTERM');
  expect(await second.ended).toBe(0);
  const third = start();
  expect(await buckets(third)).toEqual([]);
});

test('a restart that is asked for runs the later stages again', async () => {
  script('boot.d/1.sh', 'echo stage boot');
  script('ready.d/1.sh', `${TELL}; echo again >> ${join(folder, 'said')}; wc -l < ${join(folder, 'said')}`);
  const container = start({ GATEWAY_LISTEN: '127.0.0.1:0' });
  const endpoint = await endpointOf(container);
  const refused = await fetch(`${endpoint}/_localstack/health`, {
    method: 'POST',
    headers: { origin: 'http://somewhere.example' },
    body: '{"action":"kill"}',
  });
  expect(refused.status).toBe(403);
  await fetch(`${endpoint}/_localstack/health`, { method: 'POST', body: '{"action":"restart"}' });
  await container.line('2');
  expect(container.lines.filter((line) => line === 'Ready.')).toHaveLength(2);
  expect(container.lines.filter((line) => line === 'stage boot')).toHaveLength(1);
});

test('SERVICES shuts the door of the others', async () => {
  script('ready.d/1.sh', TELL);
  const container = start({ SERVICES: 's3,sqs', EAGER_SERVICE_LOADING: '1' });
  const endpoint = await endpointOf(container);
  expect(container.lines).toContain(
    'WARN SERVICES names what tierkit does not have: sqs. Calls to them are refused.',
  );
  const { services } = (await (await fetch(`${endpoint}/_localstack/health`)).json()) as {
    services: Record<string, string>;
  };
  expect(services).toMatchObject({ s3: 'running', dynamodb: 'disabled' });
  const client = new DynamoDBClient({ ...CREDENTIALS, endpoint, maxAttempts: 1 });
  await expect(
    client.send(
      new CreateTableCommand({
        TableName: 'shows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    ),
  ).rejects.toMatchObject({
    message: "Service 'dynamodb' is not enabled. Please check your 'SERVICES' configuration variable.",
    $metadata: { httpStatusCode: 501 },
  });
  client.destroy();
});

describe('what it says of itself', () => {
  test('health takes what others put into it, and has no secrets in diagnose', async () => {
    script('ready.d/1.sh', TELL);
    const container = start({ DEBUG: '1', LOCALSTACK_AUTH_TOKEN: 'ls-token' });
    const endpoint = await endpointOf(container);
    const put = await fetch(`${endpoint}/_localstack/health`, {
      method: 'PUT',
      body: '{"features:seed":"done","features:users":3}',
    });
    expect(await put.json()).toEqual({ status: 'OK' });
    expect(await (await fetch(`${endpoint}/_localstack/health`)).json()).toMatchObject({
      edition: 'tierkit',
      features: { seed: 'done', users: 3 },
    });
    const diagnosed = await (await fetch(`${endpoint}/_localstack/diagnose`)).text();
    expect(JSON.parse(diagnosed)).toMatchObject({ config: { DEBUG: '1' } });
    expect(diagnosed).not.toContain('ls-token');
  });

  test('URLs carry the name and port that the asker knows it by', async () => {
    script('ready.d/1.sh', TELL);
    const container = start({ LOCALSTACK_HOST: 'aws.example:8080' });
    const { port } = new URL(await endpointOf(container));
    const urls = (host: string) =>
      new Promise<{ endpoint: string }>((resolve, reject) => {
        const asking = request({ host: '127.0.0.1', port, path: '/_tierkit/urls', headers: { host } });
        asking.on('error', reject);
        asking.on('response', async (response) => {
          let text = '';
          for await (const chunk of response) text += chunk;
          resolve(JSON.parse(text) as { endpoint: string });
        });
        asking.end();
      });
    expect((await urls('localhost:32768')).endpoint).toBe('http://localhost:32768');
    expect((await urls('tierkit:4566')).endpoint).toBe('http://tierkit:4566');
    expect((await urls(`127.0.0.1:${port}`)).endpoint).toBe('http://aws.example:8080');
    expect((await urls('s3.us-east-1.amazonaws.com')).endpoint).toBe('http://aws.example:8080');
    expect((await urls('a"b')).endpoint).toBe('http://aws.example:8080');
  });
});

test('LS_LOG=error leaves the log to Ready. and to scripts', async () => {
  script('ready.d/1.sh', TELL);
  const container = start({ LS_LOG: 'error', LAMBDA_DOCKER_FLAGS: '-e A=b' });
  await fetch(`${await endpointOf(container)}/_localstack/info`);
  container.child.kill('SIGTERM');
  await container.ended;
  expect(container.lines.map((line) => line.replace(/http.*/, '…'))).toEqual(['Ready.', 'endpoint …']);
});

describe('what cannot be is refused in a line', () => {
  test.each([
    [{ LS_LOG: 'loud' }, 'LS_LOG=loud: not one of trace, debug, info, warn, error.'],
    [{ GATEWAY_LISTEN: '203.0.113.1:4566' }, 'GATEWAY_LISTEN: this machine cannot listen there'],
  ])('%j', async (variables, line) => {
    const container = start(variables as Record<string, string>);
    expect(await container.ended).toBe(1);
    expect(container.lines.at(-1)).toContain(line);
    expect(container.lines).not.toContain('Ready.');
  });

  test('a state folder that is none', async () => {
    writeFileSync(join(folder, 'state'), '');
    const container = start({ PERSISTENCE: '1' });
    expect(await container.ended).toBe(1);
    expect(container.lines.at(-1)).toMatch(/^The state folder .* is not a folder\.$/);
  });
});

test('told to end while a script runs, it ends that, and runs the shutdown scripts', async () => {
  script('start.d/1.sh', `echo begun; mkfifo ${join(folder, 'never')}; cat ${join(folder, 'never')}`);
  script('shutdown.d/1.sh', `touch ${join(folder, 'shut')}`);
  const container = start();
  await container.line('begun');
  container.child.kill('SIGTERM');
  expect(await container.ended).toBe(0);
  expect(existsSync(join(folder, 'shut'))).toBe(true);
  expect(container.lines).not.toContain('Ready.');
  expect(() => readFileSync(join(folder, 'state', 'state', 'engine.lock'))).toThrow();
});
