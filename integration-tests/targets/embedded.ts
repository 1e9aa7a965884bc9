import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { urls } from '../../engine/src/cloud/urls';
import { startCloud, type TestCloud } from '../../engine/src/testing';
import { run } from './run';
import type { Deployment, Target } from './target';

const root = join(__dirname, '..', '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

/** An engine of this run's own: any free port, its own state, gone at the end. */
export function embedded(): Target {
  let cloud: TestCloud | undefined;
  const scratch = mkdtempSync(join(tmpdir(), 'theatre-'));
  const skips = {};

  async function start(): Promise<Deployment> {
    if (!existsSync(join(root, 'app', 'web', 'dist', 'index.html'))) {
      await run('npm', ['run', 'build', '-w', '@tierkit/web'], { cwd: root });
    }
    cloud = await startCloud();
    const clientConfig = {
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: cloud.endpoint,
      AWS_ENDPOINT_URL_S3: cloud.endpoint,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      // No question to the network that has nothing to do with the deployment.
      CDK_DISABLE_VERSION_CHECK: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    };
    const outputsFile = join(scratch, 'outputs.json');
    await run(
      bin('cdklocal'),
      [
        ...['deploy', '--all', '--require-approval', 'never', '--no-notices', '--progress', 'events'],
        // Not infra/cdk.out: a developer's own deployment may be using that one.
        ...['--output', join(scratch, 'cdk.out'), '--outputs-file', outputsFile],
      ],
      { cwd: join(root, 'infra'), env },
    );
    await run(bin('tsx'), [join(root, 'app', 'seed', 'seed.ts')], { cwd: root, env });

    const { Theatre: outputs = {} } = JSON.parse(readFileSync(outputsFile, 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const found = await urls(cloud.cloud);
    const site = found.sites.find(({ id }) => id === outputs.DistributionId)?.url;
    const api = found.apis.find(({ id }) => id === outputs.ApiId)?.url;
    if (!site || !api) throw new Error(`Deployed, but not found: ${JSON.stringify(found)}`);
    const bare = (url: string) => url.replace(/\/$/, '');
    return { target: 'embedded', siteUrl: bare(site), apiUrl: bare(api), outputs, clientConfig, skips };
  }

  return {
    name: 'embedded',
    skips,
    start,
    async stop() {
      await cloud?.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}
