import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback, type Place } from './places';
import { startServer } from './server-process';
import type { RunningServer, ValkeyOptions } from './servers';
import { findValkey } from './valkey-binary';

/** Starts a Valkey (or Redis). As a cache node without snapshots it begins empty after each start, as on AWS. */
export async function startValkey(options: ValkeyOptions, { host, port }: Place): Promise<RunningServer> {
  const command = await findValkey();
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const parameters = {
    bind: host,
    // Which lets in nobody but loopback, as long as there is no password.
    ...(isLoopback(host) ? {} : { 'protected-mode': 'no' }),
    port: String(port),
    dir: options.directory,
    save: '',
    appendonly: 'no',
    // A replica copies at once: the default waits five seconds for others that might want the same copy.
    'repl-diskless-sync-delay': '0',
    ...options.parameters,
  };
  // A file, not arguments: other users of the machine can read a process's arguments.
  const file = join(options.directory, 'valkey.conf');
  const lines = Object.entries(parameters).map(
    ([name, value]) => `${name} "${value.replace(/(["\\])/g, '\\$1')}"`,
  );
  if (options.password) lines.push(accessList(options.password));
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  return startServer({
    name: 'valkey',
    command,
    args: [file],
    cwd: options.directory,
    port,
    ready: /Ready to accept connections/,
    stopSignal: 'SIGTERM',
  });
}

/** The same as a password for all, without the password: only its hash is written down. */
function accessList(password: string): string {
  const hash = createHash('sha256').update(password).digest('hex');
  return `user default on #${hash} ~* &* +@all`;
}
