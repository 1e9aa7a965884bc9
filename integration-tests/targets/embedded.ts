import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bare } from './bare';
import { run } from './run';
import { outputsOf } from './stack-outputs';
import type { Deployment, Target } from './target';

const root = join(__dirname, '..', '..');
const tierkit = join(root, 'engine', 'bin', 'tierkit.js');

/** What `tierkit up --json` says. */
interface Up {
  engine: { endpoint: string };
  sites: { id: string; url: string }[];
  apis: { id: string; url: string }[];
}

/** An engine of this run's own, as a user would start it: any free port, its own state, gone at the end. */
export function embedded(): Target {
  const state = mkdtempSync(join(tmpdir(), 'theatre-'));
  const command = (args: string[], signal?: AbortSignal) =>
    run(process.execPath, [tierkit, ...args, '--json', '--state', state], { cwd: root, signal });

  async function start(interrupted: AbortSignal): Promise<Deployment> {
    const up = JSON.parse(await command(['up', '--port', '0', '--ephemeral'], interrupted)) as Up;
    const clientConfig = {
      endpoint: up.engine.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    };
    const outputs = await outputsOf('Theatre', clientConfig);
    const site = up.sites.find(({ id }) => id === outputs.DistributionId)?.url;
    const api = up.apis.find(({ id }) => id === outputs.ApiId)?.url;
    if (!site || !api) throw new Error(`Deployed, but not to be found: ${JSON.stringify(up)}`);
    return { target: 'embedded', siteUrl: bare(site), apiUrl: bare(api), outputs, clientConfig, skips: {} };
  }

  return {
    name: 'embedded',
    start,
    async stop() {
      await command(['reset']);
      rmSync(state, { recursive: true, force: true });
    },
  };
}
