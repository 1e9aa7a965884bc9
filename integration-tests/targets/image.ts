import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalstackContainer } from '@testcontainers/localstack';
import { bare } from './bare';
import { Containers, dockerFor } from './docker';
import { EMBEDDED_ONLY } from './elsewhere';
import { type Front, frontFor } from './front';
import { run } from './run';
import { outputsOf } from './stack-outputs';
import { type Deployment, type Target, unavailable } from './target';

const root = join(__dirname, '..', '..');
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What the engine says at /_tierkit/urls. */
interface Urls {
  sites: { id: string; url: string }[];
  apis: { id: string; url: string }[];
}

/**
 * The engine's own image, started as LocalStack's would be: `new LocalstackContainer('tierkit')` and nothing else.
 * The app is deployed with plain `cdklocal`; functions, Postgres and Valkey are processes in that one container.
 */
export function image(): Target {
  const name = process.env.TIERKIT_IMAGE || 'tierkit';
  const assembly = mkdtempSync(join(tmpdir(), 'theatre-image-'));
  let containers: Containers | undefined;
  let front: Front | undefined;

  async function start(interrupted: AbortSignal): Promise<Deployment> {
    const docker = await dockerFor('image');
    const there = await docker.container.dockerode.listImages({ filters: { reference: [name] } });
    if (there.length === 0)
      throw unavailable(
        `target image: there is no image "${name}" here. Build it: docker build -t ${name} .`,
      );
    containers = new Containers('image', docker);
    const container = await containers.start('tierkit', name, new LocalstackContainer(name));
    interrupted.throwIfAborted();

    const endpoint = container.getConnectionUri();
    const clientConfig = { endpoint, region: 'us-east-1', credentials };
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_REGION: clientConfig.region,
      AWS_DEFAULT_REGION: clientConfig.region,
    };
    const inRoot = { cwd: root, env, signal: interrupted };
    await run('npm', ['run', '--silent', 'build', '-w', '@tierkit/web'], inRoot);
    await run(
      process.execPath,
      [
        require.resolve('aws-cdk-local/bin/cdklocal'),
        'deploy',
        '--all',
        '--require-approval',
        'never',
        '--output',
        assembly,
      ],
      { ...inRoot, cwd: join(root, 'infra') },
    );
    await run('npm', ['run', '--silent', 'seed', '-w', '@tierkit/app'], inRoot);

    const outputs = await outputsOf('Theatre', clientConfig);
    const urls = (await (await fetch(`${endpoint}/_tierkit/urls`)).json()) as Urls;
    const site = urls.sites.find(({ id }) => id === outputs.DistributionId)?.url;
    const api = urls.apis.find(({ id }) => id === outputs.ApiId)?.url;
    if (!site || !api) throw new Error(`Deployed, but not to be found: ${JSON.stringify(urls)}`);
    // A site has a name of its own at the engine's port; not every machine resolves `*.localhost`.
    front = await frontFor(new URL(site), new URL(endpoint));
    return {
      target: 'image',
      siteUrl: front.url,
      apiUrl: bare(api),
      outputs,
      clientConfig,
      skips: EMBEDDED_ONLY,
    };
  }

  async function stop(): Promise<void> {
    await front?.stop();
    for (const line of (await containers?.dead()) ?? []) process.stderr.write(`target image: ${line}\n`);
    await containers?.stop();
    rmSync(assembly, { recursive: true, force: true });
  }

  return { name: 'image', start, stop };
}
