import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wantsToken } from '../src/compose';

const root = join(__dirname, '..', '..');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tierkit-docker-'));
  mkdirSync(join(folder, 'bin'));
  for (const tool of ['sh', 'ps', 'cat']) symlinkSync(`/bin/${tool}`, join(folder, 'bin', tool));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `docker` that does as the lines of this shell script say. */
function fakeDocker(...lines: string[]): void {
  const file = join(folder, 'bin', 'docker');
  writeFileSync(file, ['#!/bin/sh', ...lines].join('\n'));
  chmodSync(file, 0o755);
}

/** The CLI where nothing but that docker is on the PATH. */
function cli(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; said: string; out: string }> {
  const all = { HOME: folder, PATH: join(folder, 'bin'), TIERKIT_HOME: join(folder, 'home'), ...env };
  const command = ['--import', 'tsx', join(root, 'localstack', 'src', 'cli.ts'), ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: root, env: all }, (error, out, said) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: said.trim(), out: out.trim() }),
    );
  });
}

const there = ['case "$1 $2" in', '"version --format") echo 28.0.0;;', '"compose version") echo v2;;'];

describe('in one line, with a code of its own', () => {
  test('no Docker', async () => {
    expect(await cli(['up'])).toMatchObject({
      code: 69,
      said: 'Docker is not installed: there is no `docker` on the PATH. `make up` needs no Docker.',
    });
  });

  test('no permission', async () => {
    fakeDocker('echo "permission denied while trying to connect to the Docker daemon socket" >&2', 'exit 1');
    const { code, said } = await cli(['up']);
    expect([code, said.split('\n').length]).toEqual([69, 1]);
    expect(said).toContain('sudo usermod -aG docker $USER');
  });

  test('no daemon', async () => {
    fakeDocker(
      'echo "Cannot connect to the Docker daemon at tcp://10.0.0.1:1. Is the docker daemon running?" >&2',
      'exit 1',
    );
    expect(await cli(['up'], { DOCKER_HOST: 'tcp://10.0.0.1:1' })).toMatchObject({
      code: 69,
      said: 'The Docker Engine does not run at DOCKER_HOST=tcp://10.0.0.1:1: start it. `make up` needs no Docker.',
    });
  });

  test('no Compose', async () => {
    fakeDocker('[ "$1" = version ] && exit 0', 'exit 1');
    const { code, said } = await cli(['up']);
    expect([code, said.split('\n').length]).toEqual([69, 1]);
    expect(said).toMatch(/Compose is not/);
  });

  test('a command of another target', async () => {
    expect(await cli(['deploy-aws'])).toMatchObject({
      code: 64,
      said: expect.stringContaining('is not for TARGET=localstack'),
    });
  });
});

test('a port that is taken is told with whose it is, before anything is started', async () => {
  fakeDocker(
    ...there,
    '"image inspect") ;;',
    '*) case "$*" in *" up "*) echo started >&2; exit 1;; esac;;',
    'esac',
  );
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    const { code, said } = await cli(['up'], { LOCALSTACK_PORT: String(port) });
    expect(code).toBe(1);
    expect(said).toContain(`Port ${port}, which localstack is to answer on, is in use by`);
    expect(said).toContain('LOCALSTACK_PORT=…');
    expect(said).not.toContain('started');
  } finally {
    taken.close();
  }
});

test('a container that ends by itself is told with its last lines', async () => {
  const state = '{"Running":false,"Status":"exited","ExitCode":137,"OOMKilled":true}';
  fakeDocker(
    ...there,
    '"image inspect") ;;',
    `"inspect --format") echo '${state}';;`,
    '"logs --tail") echo "the last words" >&2;;',
    '*) case "$*" in *" ps "*) echo abc123;; esac;;',
    'esac',
  );
  const ports = { LOCALSTACK_PORT: '1', POSTGRES_PORT: '2', REDIS_PORT: '3' };
  const { code, said } = await cli(['up'], ports);
  expect(code).toBe(70);
  expect(said).toContain('the last words');
  expect(said).toMatch(
    /The container of localstack \(.*\) has ended by itself: exit code 137, out of memory/,
  );
});

test('a LocalStack that wants a token is told with the tag that wants none', () => {
  const log =
    'License activation failed! Reason: No credentials were found in the environment. Please set LOCALSTACK_AUTH_TOKEN';
  expect(wantsToken('localstack/localstack:2026.3', '', log)).toBe(
    'localstack/localstack:2026.3 wants a LOCALSTACK_AUTH_TOKEN. localstack/localstack:4.14.0 is the last that runs without one: unset LOCALSTACK_IMAGE, or set the token.',
  );
  expect(wantsToken('localstack/localstack:2026.3', 'ls-x', log)).toContain(
    'does not take its LOCALSTACK_AUTH_TOKEN',
  );
  expect(wantsToken('localstack/localstack:4.14.0', '', 'Ready.')).toBeUndefined();
});
