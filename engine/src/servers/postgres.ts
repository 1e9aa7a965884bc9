import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isLoopback, type Place } from './places';
import { dataFolder, findPostgres, type PostgresBinaries } from './postgres-binaries';
import { copyPostgres, previousEnded, removeUnfinished } from './postgres-copy';
import { startServer } from './server-process';
import type { PostgresOptions, RunningServer } from './servers';

const run = promisify(execFile);

/** RDS keeps the superuser to itself, under this name. */
const SUPERUSER = 'rdsadmin';

/** Starts a Postgres; its first start makes the cluster. */
export async function startPostgres(options: PostgresOptions, { host, port }: Place): Promise<RunningServer> {
  const binaries = await findPostgres();
  const data = dataFolder(options.directory, binaries);
  // There even where the data lies elsewhere: it tells `tierkit reset` what to remove.
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  if (!existsSync(join(data, 'PG_VERSION'))) {
    if (options.beginsAs) await copyPostgres(options.beginsAs, options.directory);
    else await initialise(data, options, binaries);
  }
  await previousEnded(data);
  await configure(data, options, binaries, isLoopback(host) ? `${host}/32` : 'all');
  const parameters = {
    listen_addresses: host,
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
  const data = dataFolder(directory, await findPostgres());
  // That of an engine that was killed just now may still be writing its checkpoint.
  await previousEnded(data);
  await removeUnfinished(data);
  await rm(data, { recursive: true, force: true });
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
  if (binaries.owner) await chown(next, binaries.owner.uid, binaries.owner.gid);
  const args = [
    '-D',
    next,
    '-U',
    SUPERUSER,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--no-sync',
    '--no-instructions',
  ];
  // initdb wants a password for the superuser; nobody can log in as it, so nobody has to know it.
  const passwordFile = `${next}.password`;
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 });
  if (binaries.owner) await chown(passwordFile, binaries.owner.uid, binaries.owner.gid);
  try {
    // macOS has no C.UTF-8.
    const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
    const environment = { PATH: process.env.PATH, LANG: locale };
    await run(binaries.initdb, [...args, '--pwfile', passwordFile, `--locale=${locale}`], {
      cwd: next,
      env: environment,
      ...binaries.owner,
    });
    for (const statement of firstStatements(options)) await singleUser(next, statement, binaries);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(next, data);
}

/**
 * The roles as RDS has them: the master user is no superuser but a member of rds_superuser.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.rds_superuser.html
 */
function firstStatements({ user, password, database }: PostgresOptions): string[] {
  const name = identifier(user);
  const roles = [
    'CREATE ROLE rds_superuser NOLOGIN',
    'GRANT pg_monitor, pg_signal_backend, pg_checkpoint, pg_use_reserved_connections, pg_create_subscription TO rds_superuser WITH ADMIN OPTION',
    `CREATE ROLE ${name} LOGIN CREATEDB CREATEROLE PASSWORD ${literal(password)} IN ROLE rds_superuser`,
    `ALTER DATABASE postgres OWNER TO ${name}`,
  ];
  // One session for the roles: each start of the single-user server costs 40 ms.
  const statements = [roles.join('\n')];
  if (database && database !== 'postgres')
    statements.push(`CREATE DATABASE ${identifier(database)} OWNER ${name}`);
  return [statements.join('\n')];
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Access rules and the TLS identity: written at every start, since both may change. */
async function configure(
  data: string,
  options: PostgresOptions,
  { owner }: PostgresBinaries,
  from: string,
): Promise<void> {
  const kind = options.forceTls ? 'hostssl' : 'host';
  const files = {
    'pg_hba.conf': `host all ${SUPERUSER} all reject\n${kind} all all ${from} scram-sha-256\n`,
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
  const statement = `ALTER ROLE ${identifier(user)} PASSWORD ${literal(password)}`;
  await singleUser(dataFolder(directory, binaries), statement, binaries);
}

/** The server parameters that this Postgres knows, as its own list has them. */
export async function knownParameters(): Promise<Set<string>> {
  const { postgres, owner } = await findPostgres();
  const { stdout } = await run(postgres, ['--describe-config'], { ...owner, maxBuffer: 4 * 1024 * 1024 });
  return new Set(
    stdout
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '')
      .filter(Boolean),
  );
}
