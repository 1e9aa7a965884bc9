import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolder, findPostgres, type PostgresBinaries } from './postgres-binaries';
import { freePort, startServer } from './server-process';
import type { PostgresOptions, RunningServer } from './servers';

const run = promisify(execFile);

/** Starts a Postgres; its first start makes the cluster. */
export async function startPostgres(options: PostgresOptions): Promise<RunningServer> {
  const binaries = await findPostgres();
  const data = dataFolder(options.directory, binaries);
  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(data, options, binaries);
  await configure(data, options, binaries);
  const port = await freePort();
  const parameters = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    ssl: 'on',
    ...options.parameters,
  };
  return startServer({
    name: 'postgres',
    command: binaries.postgres,
    args: ['-D', data, ...Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: data,
    port,
    ready: /database system is ready to accept connections/,
    // "Fast shutdown": ends sessions and checkpoints.
    stopSignal: 'SIGINT',
    ...binaries.owner,
  });
}

export async function removePostgres(directory: string): Promise<void> {
  await rm(dataFolder(directory, await findPostgres()), { recursive: true, force: true });
  await rm(directory, { recursive: true, force: true });
}

/** Runs SQL in single-user mode: the server must not run. Used for what initdb cannot do. */
async function singleUser(data: string, sql: string, { postgres, owner }: PostgresBinaries): Promise<void> {
  const running = run(postgres, ['--single', '-D', data, '-c', 'exit_on_error=true', 'postgres'], {
    cwd: data,
    ...owner,
  });
  running.child.stdin?.end(`${sql}\n`);
  await running;
}

async function initialise(data: string, options: PostgresOptions, binaries: PostgresBinaries): Promise<void> {
  await mkdir(dirname(data), { recursive: true, mode: binaries.owner ? 0o755 : 0o700 });
  // Made beside its place and renamed: an initdb that was killed half way leaves no cluster that looks whole.
  const next = `${data}.new`;
  await rm(next, { recursive: true, force: true });
  await mkdir(next, { mode: 0o700 });
  const passwordFile = `${next}.password`;
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  if (binaries.owner) {
    await chown(next, binaries.owner.uid, binaries.owner.gid);
    await chown(passwordFile, binaries.owner.uid, binaries.owner.gid);
  }
  try {
    const args = [
      '-D',
      next,
      '-U',
      options.user,
      '--pwfile',
      passwordFile,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ];
    await run(binaries.initdb, args, {
      cwd: next,
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8' },
      ...binaries.owner,
    }).catch(async (error: Error) => {
      // macOS has no C.UTF-8.
      if (!/locale/.test(error.message)) throw error;
      await run(
        binaries.initdb,
        args.map((arg) => (arg.startsWith('--locale') ? '--locale=C' : arg)),
        { cwd: next, ...binaries.owner },
      );
    });
    if (options.database && options.database !== 'postgres') {
      await singleUser(next, `CREATE DATABASE "${options.database.replaceAll('"', '""')}"`, binaries);
    }
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(next, data);
}

/** Access rules and the TLS identity: written at every start, since both may change. */
async function configure(data: string, options: PostgresOptions, { owner }: PostgresBinaries): Promise<void> {
  const kind = options.forceTls ? 'hostssl' : 'host';
  const files = {
    'pg_hba.conf': `${kind} all all 127.0.0.1/32 scram-sha-256\n`,
    'server.crt': options.tls.cert,
    'server.key': options.tls.key,
  };
  for (const [name, content] of Object.entries(files)) {
    const path = join(data, name);
    await writeFile(path, content, { mode: 0o600 });
    await chmod(path, 0o600);
    if (owner) await chown(path, owner.uid, owner.gid);
  }
}

/** Sets a role's password while the server is stopped. */
export async function setPostgresPassword(directory: string, user: string, password: string): Promise<void> {
  const binaries = await findPostgres();
  const quoted = password.replaceAll("'", "''");
  await singleUser(
    dataFolder(directory, binaries),
    `ALTER ROLE "${user.replaceAll('"', '""')}" PASSWORD '${quoted}'`,
    binaries,
  );
}
