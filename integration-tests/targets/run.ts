import { spawn } from 'node:child_process';

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv | undefined;
  /** Ends the command, and the commands it started, early. */
  signal?: AbortSignal | undefined;
}

/** Runs a command to its end and gives what it printed; all that it said is in the error if it fails. */
export function run(command: string, args: string[], options: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const { signal, ...rest } = options;
    signal?.throwIfAborted();
    // A group of its own: a terminal's ^C reaches us, and we decide what ends when.
    const child = spawn(command, args, { ...rest, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let printed = '';
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      said += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const end = () => {
      try {
        if (child.pid) process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It ended by itself.
      }
    };
    signal?.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code, killedBy) => {
      signal?.removeEventListener('abort', end);
      if (code === 0) resolve(printed);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code ?? killedBy}:\n${said}`));
    });
  });
}
