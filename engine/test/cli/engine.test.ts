import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { bin, scratch, startEngine, tierkit } from './command';

const folders: { remove(): void }[] = [];
const engines: string[] = [];

function folder(): string {
  const made = scratch();
  folders.push(made);
  return made.path;
}

async function engine(state: string, ...more: string[]) {
  engines.push(state);
  return startEngine(state, ...more);
}

function dynamodb(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
}

const table = {
  TableName: 'seats',
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};

afterAll(async () => {
  for (const state of engines) await tierkit(['down', '--state', state]);
  for (const made of folders) made.remove();
});

test('start, status, urls, down, and the data is there again', async () => {
  const state = folder();
  const { endpoint } = await engine(state);
  const client = dynamodb(endpoint);
  await client.send(new CreateTableCommand(table));
  await client.send(new PutItemCommand({ TableName: 'seats', Item: { id: { S: 'a1' } } }));
  client.destroy();

  const status = await tierkit(['status', '--json', '--state', state]);
  expect(JSON.parse(status.stdout)).toMatchObject({ running: true, endpoint });
  expect((await tierkit(['status', '--state', state])).stdout).toContain('Running since');
  expect(JSON.parse((await tierkit(['urls', '--json', '--state', state])).stdout)).toMatchObject({
    endpoint,
    sites: [],
    apis: [],
    databases: [],
  });
  expect((await tierkit(['logs', '--state', state])).stdout).toContain('200 dynamodb:PutItem');
  expect((await tierkit(['env', '--state', state])).stdout).toContain(`export AWS_ENDPOINT_URL=${endpoint}`);

  const down = await tierkit(['down', '--json', '--state', state]);
  expect(JSON.parse(down.stdout)).toEqual({ stopped: true });
  expect(JSON.parse((await tierkit(['status', '--json', '--state', state])).stdout)).toEqual({
    running: false,
  });
  expect(JSON.parse((await tierkit(['down', '--json', '--state', state])).stdout)).toEqual({
    stopped: false,
  });

  const again = dynamodb((await engine(state)).endpoint);
  expect((await again.send(new ScanCommand({ TableName: 'seats' }))).Items).toEqual([{ id: { S: 'a1' } }]);
  again.destroy();

  await tierkit(['reset', '--state', state]);
  const fresh = dynamodb((await engine(state)).endpoint);
  await expect(fresh.send(new DescribeTableCommand({ TableName: 'seats' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  fresh.destroy();
});

test('an engine that is killed (kill -9) during writes has every acknowledged one at its next start', async () => {
  const state = folder();
  const { endpoint, pid } = await engine(state);
  const client = dynamodb(endpoint);
  await client.send(new CreateTableCommand(table));
  const acknowledged: string[] = [];
  let next = 0;
  const write = async (): Promise<void> => {
    for (;;) {
      const id = `seat-${next++}`;
      try {
        await client.send(
          new PutItemCommand({ TableName: 'seats', Item: { id: { S: id }, row: { S: 'x'.repeat(200) } } }),
        );
      } catch {
        return;
      }
      acknowledged.push(id);
      if (acknowledged.length === 300) process.kill(pid, 'SIGKILL');
    }
  };
  await Promise.all(Array.from({ length: 8 }, write));
  client.destroy();
  expect(acknowledged.length).toBeGreaterThanOrEqual(300);

  const again = dynamodb((await engine(state)).endpoint);
  const found = new Set(
    (await again.send(new ScanCommand({ TableName: 'seats' }))).Items?.map((item) => item.id?.S),
  );
  again.destroy();
  expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
});

test('a port that is in use: says by whom', async () => {
  const state = folder();
  const { port } = await engine(state);
  const other = await tierkit(['start', '--port', String(port), '--state', folder()]);
  expect(other).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} is in use by a tierkit engine (state in ${state}`),
  });

  const stranger = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await new Promise((resolve) => stranger.once('listening', resolve));
  const address = stranger.address();
  const taken = typeof address === 'object' && address ? address.port : 0;
  const refused = await tierkit(['start', '--detach', '--port', String(taken), '--state', folder()]);
  stranger.close();
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain(`Port ${taken} is in use by `);
  if (process.platform === 'linux') expect(refused.stderr).toContain(`process ${process.pid}`);
  expect(refused.stderr.trim().split('\n')).toHaveLength(1);
});

test('a second engine for the same project is refused, with the first one’s address', async () => {
  const state = folder();
  const { endpoint } = await engine(state);
  const second = await tierkit(['start', '--port', '0', '--state', state]);
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining(endpoint) });
});

test('a second `up` at the same time is refused while the first one works', async () => {
  const project = folder();
  writeFileSync(join(project, 'cdk.json'), '{}');
  mkdirSync(join(project, '.tierkit'));
  writeFileSync(join(project, '.tierkit', 'up.lock'), String(process.pid));
  const second = await tierkit(['up', '--port', '0'], { cwd: project });
  expect(second).toMatchObject({
    code: 3,
    stderr: expect.stringContaining(`Another \`tierkit up\` (process ${process.pid})`),
  });
  // The lock of one that was killed is nobody's: this one goes on, to the next problem.
  writeFileSync(join(project, '.tierkit', 'up.lock'), '999999999');
  engines.push(join(project, '.tierkit'));
  const third = await tierkit(['up', '--port', '0'], { cwd: project });
  expect(third.stderr).toContain('✔ engine');
});

test('an engine of another build is restarted by `up`, where it was and with its data', async () => {
  const project = folder();
  writeFileSync(join(project, 'cdk.json'), '{}');
  const home = join(project, '.tierkit');
  const old = await engine(home);
  const client = dynamodb(old.endpoint);
  await client.send(new CreateTableCommand(table));
  client.destroy();

  // What is deployed is nothing; how the engine came to be is told before.
  const again = await tierkit(['up'], { cwd: project });
  expect(again.stderr).toContain(`✔ engine (${old.endpoint}, already running)`);
  const card = join(home, 'engine.json');
  writeFileSync(card, JSON.stringify({ ...JSON.parse(readFileSync(card, 'utf8')), build: 'of yesterday' }));
  const up = await tierkit(['up'], { cwd: project });
  expect(up.stderr).toContain(`✔ engine (${old.endpoint}, restarted: it ran another build of tierkit)`);

  const status = JSON.parse((await tierkit(['status', '--json', '--state', home])).stdout);
  expect(status).toMatchObject({ running: true, endpoint: old.endpoint });
  expect(status.pid).not.toBe(old.pid);
  const fresh = dynamodb(old.endpoint);
  expect((await fresh.send(new DescribeTableCommand({ TableName: 'seats' }))).Table?.TableStatus).toBe(
    'ACTIVE',
  );
  fresh.destroy();
  const third = await tierkit(['up'], { cwd: project });
  expect(third.stderr).toContain('already running');
});

test('a state folder that cannot be written', async () => {
  const root = process.getuid?.() === 0;
  const state = folder();
  mkdirSync(join(state, 'state'));
  chmodSync(join(state, 'state'), 0o500);
  chmodSync(state, 0o500);
  // Root may write everywhere: the command then runs as nobody.
  const refused = await tierkit(['start', '--port', '0', '--state', state], root ? { uid: 65534 } : {});
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/cannot be written|cannot be made/);
  expect(refused.stderr).not.toMatch(/\n\s+at /);
  chmodSync(state, 0o700);
  chmodSync(join(state, 'state'), 0o700);
  expect(readdirSync(join(state, 'state'))).toEqual([]);
});

test('a full disk: the start says so; a full one later fails the write, not the engine', async () => {
  const state = folder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', state], { stdio: 'ignore' });
  } catch {
    console.warn('skipped: a small file system to fill cannot be mounted here');
    return;
  }
  const ballast = join(state, 'ballast');
  const fill = () => {
    try {
      writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024));
    } catch {
      // That is the point: it is full now.
    }
  };
  try {
    fill();
    const refused = await tierkit(['start', '--port', '0', '--state', state]);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is full') });
    expect(refused.stderr).not.toMatch(/\n\s+at /);

    rmSync(ballast);
    const { endpoint } = await startEngine(state);
    const client = dynamodb(endpoint);
    await client.send(new CreateTableCommand(table));
    fill();
    const put = (id: string) =>
      client.send(
        new PutItemCommand({ TableName: 'seats', Item: { id: { S: id }, row: { S: 'x'.repeat(300_000) } } }),
      );
    // A few may still fit into pages that are free already.
    let failure: unknown;
    for (let n = 0; n < 20 && failure === undefined; n++)
      failure = await put(`full-${n}`).then(
        () => undefined,
        (error) => error,
      );
    expect(failure).toMatchObject({ $metadata: { httpStatusCode: 500 } });
    rmSync(ballast);
    await put('after');
    expect((await client.send(new DescribeTableCommand({ TableName: 'seats' }))).Table?.TableStatus).toBe(
      'ACTIVE',
    );
    client.destroy();
  } finally {
    await tierkit(['down', '--state', state]);
    execFileSync('umount', [state]);
  }
});

test('too old a Node is told so, whatever it cannot read', () => {
  const script = `Object.defineProperty(process.versions, 'node', { value: '18.20.4' }); await import(${JSON.stringify(pathToFileURL(bin).href)});`;
  expect(() =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' }),
  ).toThrow(/tierkit needs Node\.js 20\.19 or later/);
});

test('wrong words are answered with help', async () => {
  expect(await tierkit(['nonsense'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("unknown command 'nonsense'"),
  });
  expect(await tierkit(['start', '--port', 'x'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('A port is a whole number'),
  });
  const nowhere = folder();
  expect(await tierkit(['up'], { cwd: nowhere })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No CDK app here'),
  });
  expect(await tierkit(['urls'], { cwd: nowhere })).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No engine runs'),
  });
});
