import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Says in words who listens on a port of this machine. */
export async function portOwner(port: number): Promise<string> {
  const said = await ask(port);
  const owner = (await fromLsof(port)) ?? fromProc(port);
  if (said && owner) return `${said}, ${owner}`;
  return said ?? owner ?? 'another program';
}

/** What the program itself says, if it speaks our language. */
async function ask(port: number): Promise<string | undefined> {
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(1000) });
    return (await response.json()) as { stateDirectory?: string; services?: object; version?: string };
  };
  try {
    const { stateDirectory } = await get('/_tierkit/status');
    if (stateDirectory) return `a tierkit engine (state in ${stateDirectory})`;
  } catch {
    // Not an engine of ours.
  }
  try {
    const { services, version } = await get('/_localstack/health');
    if (services) return `LocalStack ${version ?? ''}`.trim();
  } catch {
    // Nor LocalStack.
  }
  return undefined;
}

async function fromLsof(port: number): Promise<string | undefined> {
  try {
    const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
    const pid = /^p(\d+)/m.exec(stdout)?.[1];
    const name = /^c(.+)/m.exec(stdout)?.[1];
    return pid ? `process ${pid} (${name})` : undefined;
  } catch {
    return undefined;
  }
}

/** Linux without lsof: the socket's inode leads to the process that has it open. */
function fromProc(port: number): string | undefined {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  try {
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((table) => readFileSync(table, 'utf8')).join('\n');
    const line = tables
      .split('\n')
      .find((entry) => new RegExp(`^\\s*\\d+: \\S+:${hex} \\S+ 0A `).test(entry));
    const inode = line?.trim().split(/\s+/)[9];
    if (!inode) return undefined;
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (hasSocket(pid, inode))
        return `process ${pid} (${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()})`;
    }
  } catch {
    // No /proc here, or a process ended while it was looked at.
  }
  return undefined;
}

function hasSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some(
      (fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`,
    );
  } catch {
    return false;
  }
}
