import { execFile, spawn } from 'node:child_process';
import { CliError } from '../../engine/src/cli/errors';

/** EX_UNAVAILABLE: what the target needs is not there; the same code as the tests' for it. */
export const UNAVAILABLE = 69;
/** EX_SOFTWARE: a container ended by itself. */
export const DIED = 70;

const INSTEAD = '`make up` needs no Docker.';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, whatever that is; a command that is not there ends with 127. */
export function ran(
  command: string,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
  cwd?: string,
): Promise<Ran> {
  return new Promise((resolve) => {
    const options = { env: env ?? process.env, cwd, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (!error) return resolve({ code: 0, stdout, stderr });
      if (error.code === 'ENOENT') return resolve({ code: 127, stdout, stderr: `${command}: not found` });
      return resolve({ code: typeof error.code === 'number' ? error.code : 1, stdout, stderr });
    });
  });
}

export async function docker(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await ran('docker', args);
  if (code !== 0) throw new CliError(`docker ${args.join(' ')} failed: ${stderr.trim()}`);
  return stdout.trim();
}

/** The Docker Engine answers, or one line says why it does not. */
export async function requireDocker(): Promise<void> {
  const { code, stderr } = await ran('docker', ['version', '--format', '{{.Server.Version}}']);
  if (code === 0) return;
  throw new CliError(whyNot(code, stderr), UNAVAILABLE);
}

function whyNot(code: number, stderr: string): string {
  if (code === 127) return `Docker is not installed: there is no \`docker\` on the PATH. ${INSTEAD}`;
  if (/permission denied/i.test(stderr)) {
    return `You may not use the Docker Engine: add yourself to its group (sudo usermod -aG docker $USER, then log in again). ${INSTEAD}`;
  }
  if (/cannot connect|is the docker daemon running|no such file|connection refused/i.test(stderr)) {
    const where = process.env.DOCKER_HOST ? ` at DOCKER_HOST=${process.env.DOCKER_HOST}` : '';
    return `The Docker Engine does not run${where}: start it. ${INSTEAD}`;
  }
  return `The Docker Engine does not answer: ${stderr.trim().split('\n').at(-1)}. ${INSTEAD}`;
}

/** `docker compose`, or the docker-compose of old. */
export async function composeCommand(): Promise<readonly [string, ...string[]]> {
  if ((await ran('docker', ['compose', 'version'])).code === 0) return ['docker', 'compose'];
  if ((await ran('docker-compose', ['version'])).code === 0) return ['docker-compose'];
  throw new CliError(
    `Docker is there, but Compose is not: install its plugin (docker-compose-plugin), or docker-compose 1.29. ${INSTEAD}`,
    UNAVAILABLE,
  );
}

/** Runs a command with this terminal, until it ends or is interrupted. */
export function handedOver(command: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<number> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, cwd, stdio: 'inherit' });
    // The child hears of an interruption from the terminal itself, and ends as it likes.
    const wait = () => undefined;
    process.on('SIGINT', wait);
    child.once('error', reject);
    child.once('close', (code) => {
      process.off('SIGINT', wait);
      resolve(code ?? 0);
    });
  });
}
