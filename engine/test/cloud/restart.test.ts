import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Client } from 'pg';
import type { Urls } from '../../src/cloud/urls';
import { scratch, startEngine, tierkit } from '../cli/command';
import { below, running } from './processes';
import { shop, unfinished } from './shop-template';

const folder = scratch();
afterAll(async () => {
  await tierkit(['down', '--state', folder.path]);
  folder.remove();
}, 60_000);

interface Configuration {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  maxAttempts: number;
}

/** An engine of its own process, as a user runs it. */
class Engine {
  readonly #clients: { destroy(): void }[] = [];

  constructor(readonly card: { pid: number; port: number; endpoint: string }) {}

  client<C extends { destroy(): void }>(Kind: new (configuration: Configuration) => C): C {
    const client = new Kind({
      endpoint: this.card.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
    this.#clients.push(client);
    return client;
  }

  async urls(): Promise<Urls> {
    const response = await fetch(`${this.card.endpoint}/_tierkit/urls`);
    return (await response.json()) as Urls;
  }

  close(): void {
    for (const client of this.#clients) client.destroy();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));

/** The database accepts connections a moment after the engine does. */
async function query(engine: Engine, sql: string): Promise<unknown[]> {
  for (let left = 100; ; left--) {
    const database = (await engine.urls()).databases.find(({ id }) => id === 'shows');
    const client = new Client({
      host: database?.host ?? '127.0.0.1',
      port: database?.port ?? 1,
      user: 'owner',
      password: 'correct-horse',
      database: 'shop',
      ssl: { rejectUnauthorized: false },
    });
    try {
      await client.connect();
      const { rows } = await client.query(sql);
      await client.end();
      return rows;
    } catch (error) {
      if (left === 0) throw error;
      await pause();
    }
  }
}

test('after kill -9 in full work, everything that was acknowledged is there, at the same addresses', async () => {
  const first = new Engine(await startEngine(folder.path));
  const stacks = first.client(CloudFormationClient);
  await stacks.send(
    new CreateStackCommand({
      StackName: 'shop',
      TemplateBody: JSON.stringify(shop),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  await waitUntilStackCreateComplete(
    { client: stacks, minDelay: 1, maxDelay: 1, maxWaitTime: 40 },
    { StackName: 'shop' },
  );
  await first.client(S3Client).send(
    new PutObjectCommand({
      Bucket: 'shop-site',
      Key: 'index.html',
      Body: 'the site',
      ContentType: 'text/html',
    }),
  );
  await query(first, 'CREATE TABLE shows AS SELECT 42 AS seats');
  const before = await first.urls();
  const site = before.sites[0]?.url ?? '';
  const api = before.apis[0]?.url ?? '';
  expect(await (await fetch(site)).text()).toBe('the site');

  const cut = stacks
    .send(
      new CreateStackCommand({
        StackName: 'cut',
        TemplateBody: JSON.stringify(unfinished),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    )
    .catch(() => {});
  const sold: string[] = [];
  let next = 0;
  let children: ReturnType<typeof below> = [];
  const buy = async (): Promise<void> => {
    for (;;) {
      const id = `ticket-${next++}`;
      const status = await fetch(`${api}?id=${id}`, { method: 'POST' }).then(
        (response) => response.status,
        () => undefined,
      );
      if (status === undefined) return;
      if (status === 201) sold.push(id);
      if (sold.length === 60) {
        children = below(first.card.pid);
        process.kill(first.card.pid, 'SIGKILL');
      }
    }
  };
  await Promise.all([buy(), buy(), buy(), buy(), cut]);
  first.close();
  expect(sold.length).toBeGreaterThanOrEqual(60);
  const kinds = children.map(({ command }) => command).join('\n');
  expect(kinds).toMatch(/postgres/);
  expect(kinds).toMatch(/valkey|redis/);
  expect(children.length).toBeGreaterThan(4);

  // At once, while the first engine's database may still be ending.
  const second = new Engine(await startEngine(folder.path, '--port', String(first.card.port)));
  const items = await second.client(DynamoDBClient).send(new ScanCommand({ TableName: 'tickets' }));
  const kept = new Set(items.Items?.map(({ id }) => id?.S));
  expect(sold.filter((id) => !kept.has(id))).toEqual([]);
  expect(await query(second, 'SELECT seats FROM shows')).toEqual([{ seats: 42 }]);
  const secret = await second
    .client(SecretsManagerClient)
    .send(new GetSecretValueCommand({ SecretId: 'shop/token' }));
  expect(secret.SecretString).toBe('not-told');

  const after = await second.urls();
  expect(after.sites).toEqual(before.sites);
  expect(after.apis).toEqual(before.apis);
  expect(await (await fetch(site)).text()).toBe('the site');
  const again = await fetch(`${api}?id=afterwards`, { method: 'POST' });
  expect([again.status, await again.text()]).toEqual([201, 'afterwards']);
  // Each ends by itself when the engine is gone; a database takes its time to do so in good order.
  for (let left = 50; left > 0 && running(children).length > 0; left--) await pause();
  expect(running(children)).toEqual([]);

  const client = second.client(CloudFormationClient);
  const state = async (StackName: string) =>
    (await client.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  while ((await state('cut'))?.endsWith('_IN_PROGRESS')) await pause();
  expect(await state('cut')).toBe('ROLLBACK_COMPLETE');
  expect(await state('shop')).toBe('CREATE_COMPLETE');
  const { StackEvents } = await client.send(new DescribeStackEventsCommand({ StackName: 'cut' }));
  expect(StackEvents?.map(({ ResourceStatusReason }) => ResourceStatusReason)).toContain(
    'The engine stopped while this was in progress. Rollback requested by the engine.',
  );
  second.close();
}, 90_000);
