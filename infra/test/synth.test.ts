import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { engineEnvironment } from '../../engine/src/cli/environment';
import { startCloud, type TestCloud } from '../../engine/src/testing';
import { root } from '../lib/paths';

/** The real commands, as `make deploy-aws` and `make up` call them; they only stop before they deploy. */
let folder: string;
let engine: TestCloud;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'theatre-synth-'));
  engine = await startCloud();
  await Promise.all([
    synth('cdk', 'nowhere', {}),
    synth('cdk', 'abroad', elsewhere()),
    synth('cdklocal', 'local', engineEnvironment(engine.endpoint)),
  ]);
}, 120_000);

afterAll(async () => {
  await engine?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An account and a region of somebody's: the engine stands in for AWS's STS, which says whose the key is. */
function elsewhere(): Record<string, string> {
  return {
    AWS_REGION: 'eu-west-3',
    AWS_ACCESS_KEY_ID: '123456789012',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_ENDPOINT_URL_STS: engine.endpoint,
  };
}

async function synth(command: 'cdk' | 'cdklocal', name: string, environment: Record<string, string>) {
  const { PATH } = process.env;
  await promisify(execFile)(
    join(root, 'node_modules', '.bin', command),
    ['synth', '--quiet', '--output', join(folder, name)],
    {
      cwd: join(root, 'infra'),
      // Nothing of this machine's account, and no way to ask for it: not in a profile, not in EC2's metadata.
      env: {
        ...{ PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', CDK_DISABLE_CLI_TELEMETRY: 'true' },
        ...environment,
      },
    },
  );
}

/** All files below a folder, by their path in it. */
function files(name: string): string[] {
  const all = readdirSync(join(folder, name), { recursive: true, withFileTypes: true });
  return all
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, name).length + 1))
    .sort();
}

/** How long a synthesis took, which the CLI leaves beside it. */
const TIMES = 'performance-counters.json';

describe.each(['nowhere', 'abroad'])('for AWS, with an account and a region of %s', (aws) => {
  test('the template and its assets are byte for byte those for the engine', () => {
    const local = files('local').filter((file) => file !== TIMES);
    expect(local).toEqual(
      expect.arrayContaining(['Theatre.template.json', 'Theatre.assets.json', 'manifest.json']),
    );
    expect(files(aws).filter((file) => file !== TIMES)).toEqual(local);
    const differing = local.filter(
      (file) => !readFileSync(join(folder, aws, file)).equals(readFileSync(join(folder, 'local', file))),
    );
    expect(differing).toEqual([]);
  });

  test('each asset that the manifest names is there', () => {
    const manifest = JSON.parse(readFileSync(join(folder, aws, 'Theatre.assets.json'), 'utf8')) as {
      files: Record<string, { source: { path: string } }>;
    };
    const paths = Object.values(manifest.files).map(({ source }) => source.path);
    expect(paths.length).toBeGreaterThan(8);
    expect(paths.filter((path) => !existsSync(join(folder, aws, path)))).toEqual([]);
  });
});
