import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFrontClient, CreateDistributionCommand } from '@aws-sdk/client-cloudfront';
import { LocalCloud, StateFolderError } from '../../src/cloud';
import { free } from '../../src/servers/places';
import { startCloud } from '../../src/testing';

test('several addresses lead to one engine', async () => {
  const host = '127.0.0.1';
  const port = (await free(host, 0)) ?? 0;
  const cloud = await LocalCloud.start({
    listen: [
      { host, port: 0 },
      { host, port },
    ],
  });
  try {
    for (const endpoint of [cloud.endpoint, `http://${host}:${port}`])
      expect((await fetch(`${endpoint}/_localstack/health`)).status).toBe(200);
  } finally {
    await cloud.stop();
  }
});

test('a site answers below a path of the engine’s own port', async () => {
  const cloud = await startCloud();
  const { Distribution } = await cloud.client(CloudFrontClient).send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: '1',
        Comment: '',
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: 'api',
              DomainName: 'localhost',
              OriginPath: '/_localstack',
              CustomOriginConfig: {
                HTTPPort: cloud.port,
                HTTPSPort: 443,
                OriginProtocolPolicy: 'http-only',
              },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: 'api',
          ViewerProtocolPolicy: 'allow-all',
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        },
      },
    }),
  );
  const id = Distribution?.Id ?? '';
  const label = Distribution?.DomainName?.split('.')[0];
  for (const site of [id, label]) {
    const answer = await fetch(`${cloud.endpoint}/_tierkit/sites/${site}/health?x=1`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-amz-cf-id')).not.toBeNull();
    expect(await answer.json()).toMatchObject({ edition: 'tierkit' });
  }
  expect((await fetch(`${cloud.endpoint}/_tierkit/sites/NOSUCH/`)).status).toBe(403);
  const { sites } = (await (await fetch(`${cloud.endpoint}/_tierkit/urls`)).json()) as {
    sites: { id: string; url: string; pathUrl: string; port: number }[];
  };
  const [site] = sites;
  expect(site?.pathUrl).toBe(`${cloud.endpoint}/_tierkit/sites/${id}/`);
  expect(site?.url).toBe(`http://127.0.0.1:${site?.port}`);
  await cloud.stop();
});

/** `test` where the system tells when a process began, else skipped with its reason. */
function onLinux(name: string, work: () => Promise<void>): void {
  if (process.platform === 'linux') {
    test(name, work);
  } else {
    process.stderr.write(`Skipped, as only Linux tells when a process began: ${name}\n`);
    test.skip(name, work);
  }
}

describe('the lock of a state folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tierkit-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  onLinux('of a killed engine holds nobody up, though another process has its number by now', async () => {
    const lock = join(folder, 'engine.lock');
    writeFileSync(lock, `${process.ppid} 1`);
    const cloud = await LocalCloud.start({ stateDirectory: folder });
    expect(readFileSync(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} \\d+$`));
    await cloud.stop();
  });

  test('of a running engine holds', async () => {
    writeFileSync(join(folder, 'engine.lock'), String(process.ppid));
    await expect(LocalCloud.start({ stateDirectory: folder })).rejects.toThrow(StateFolderError);
  });
});
