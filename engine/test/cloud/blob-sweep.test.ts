import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { LocalCloud } from '../../src/cloud';
import { BLOB_KEEPERS } from '../../src/cloud/blob-sweep';
import { type Clock, systemClock } from '../../src/kernel';
import { packageRoot } from '../../src/package-root';
import { scratch } from '../cli/command';

const folder = scratch();
const state = join(folder.path, 'state');
let cloud: LocalCloud | undefined;
afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
});
afterAll(() => folder.remove());

/** The system's clock, but the sweep's time comes when the test says so. */
class HeldClock implements Clock {
  due: (() => void)[] = [];
  millis = systemClock.millis;
  now = systemClock.now;
  after = (ms: number, work: () => void) => {
    if (ms !== 2000) return systemClock.after(ms, work);
    this.due.push(work);
    return () => {};
  };
}

async function start(clock: Clock = systemClock): Promise<S3Client> {
  cloud = await LocalCloud.start({ stateDirectory: state, clock });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return new S3Client({ endpoint: cloud.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
}

/** As if the engine before had been killed: its lock is there, and a file that it had not recorded yet. */
function killed(): string {
  writeFileSync(join(state, 'engine.lock'), '999999999');
  const orphan = join(state, 'blobs', 'ab', `ab${'0'.repeat(30)}`);
  mkdirSync(join(orphan, '..'), { recursive: true });
  writeFileSync(orphan, 'half an obj');
  return orphan;
}

const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

const files = () => readdirSync(join(state, 'blobs'), { recursive: true }).filter((name) => name.length > 2);
const large = (letter: string) => Buffer.alloc(100_000, letter);
const Bucket = 'sweep-bucket';
const textOf = async (s3: S3Client, Key: string, VersionId?: string) =>
  (await (await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }))).Body?.transformToString())?.[0];

test('files that a killed engine left behind go once the next one is up, and nothing else does', async () => {
  const s3 = await start();
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: 'poster', Body: large('a') }));
  await s3.send(new PutObjectCommand({ Bucket, Key: 'poster', Body: large('b') }));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'film' }));
  const part = { Bucket, Key: 'film', UploadId };
  await s3.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: large('c') }));
  s3.destroy();
  await cloud?.stop();
  expect(files()).toHaveLength(3);

  const orphan = killed();
  const clock = new HeldClock();
  const again = await start(clock);
  await again.send(new PutObjectCommand({ Bucket, Key: 'flyer', Body: large('d') }));
  expect(existsSync(orphan)).toBe(true);
  const told = new Promise<string>((resolve) => {
    cloud?.events.subscribe((event) => {
      if (event.type === 'engine') resolve(event.message);
    });
  });
  for (const work of clock.due) work();
  expect(await told).toBe(
    'removed 1 file(s) that belonged to nothing: the engine before this one was killed',
  );
  expect(existsSync(orphan)).toBe(false);
  expect(files()).toHaveLength(4);
  expect(await textOf(again, 'poster', VersionId)).toBe('a');
  expect(await textOf(again, 'poster')).toBe('b');
  expect(await textOf(again, 'flyer')).toBe('d');
  expect((await again.send(new ListPartsCommand(part))).Parts).toHaveLength(1);
  again.destroy();
});

test('the code of functions stays, also that of versions and of layers', async () => {
  (await start()).destroy();
  const bundle = zipSync({ 'index.js': Buffer.from('exports.handler = async () => "here"') });
  const lambda = cloud?.host();
  const { LayerVersionArn } = (await lambda?.invoke('lambda', 'PublishLayerVersion', {
    LayerName: 'tools',
    Content: { ZipFile: zipSync({ 'nodejs/tool.js': Buffer.from('module.exports = 1') }) },
  })) ?? { LayerVersionArn: '' };
  await lambda?.invoke('iam', 'CreateRole', { RoleName: 'sweeper', AssumeRolePolicyDocument: TRUST });
  await lambda?.invoke('lambda', 'CreateFunction', {
    FunctionName: 'kept',
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Role: 'arn:aws:iam::000000000000:role/sweeper',
    Code: { ZipFile: bundle },
    Layers: [LayerVersionArn ?? ''],
    Publish: true,
  });
  const before = files().sort();
  await cloud?.stop();
  const orphan = killed();
  (await start(new HeldClock())).destroy();
  await cloud?.stop();
  expect(existsSync(orphan)).toBe(false);
  expect(files().sort()).toEqual(before);
});

test('an engine that is stopped before that sweeps first; one after a stop in good order does not', async () => {
  const orphan = killed();
  (await start(new HeldClock())).destroy();
  expect(existsSync(orphan)).toBe(true);
  await cloud?.stop();
  expect(existsSync(orphan)).toBe(false);
  const clock = new HeldClock();
  (await start(clock)).destroy();
  expect(clock.due).toEqual([]);
});

test('every service that writes blobs is asked for them', () => {
  const services = join(packageRoot, 'src', 'services');
  const writers = readdirSync(services, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) =>
      readdirSync(join(services, name), { recursive: true, encoding: 'utf8' }).some(
        (file) =>
          file.endsWith('.ts') && /\bblobs\.write\(/.test(readFileSync(join(services, name, file), 'utf8')),
      ),
    );
  expect(writers.sort()).toEqual([...BLOB_KEEPERS].sort());
});
