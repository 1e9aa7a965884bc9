import { spawn } from 'node:child_process';
import { CliError } from './errors';

/** A command line of the project that failed, with what it said. */
export class CommandError extends CliError {
  constructor(
    readonly output: string,
    what: string,
  ) {
    super(`${output}\n\n${what}`);
  }
}

/** Tells what is being done: a line a step, with its time. On a terminal the running step is shown too. */
export class Steps {
  constructor(readonly quiet: boolean) {}

  /** Runs `work` as a step; what it returns beyond nothing is shown behind the title. */
  async step<T>(
    title: string,
    work: () => Promise<T>,
    outcome: (result: T) => string | undefined = () => undefined,
  ): Promise<T> {
    const live = !this.quiet && process.stderr.isTTY;
    const started = performance.now();
    if (live) process.stderr.write(`  … ${title}`);
    const end = (sign: string, more = '') => {
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      if (live) process.stderr.write('\r\u001b[2K');
      if (!this.quiet) process.stderr.write(`  ${sign} ${title} ${more ? `(${more}) ` : ''}${seconds} s\n`);
    };
    try {
      const result = await work();
      end('✔', outcome(result));
      return result;
    } catch (error) {
      end('✖');
      throw error;
    }
  }
}

/** Runs a command line of the project; its output is shown only if it fails. */
export function runCommand(
  command: string,
  options: { cwd: string; env: NodeJS.ProcessEnv; what: string },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, {
      cwd: options.cwd,
      env: options.env,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-200_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new CommandError(output.trim(), `${options.what} failed (exit code ${code}): ${command}`));
    });
  });
}
