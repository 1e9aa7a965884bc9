import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const run = promisify(execFile);

export const image = process.env.TIERKIT_IMAGE ?? 'tierkit';

/** `describe`, or `describe.skip` where no Docker Engine is; the set-up has printed why. */
export const whereDockerIs = process.env.TIERKIT_IMAGE_SKIP ? describe.skip : describe;

export async function docker(...args: string[]): Promise<string> {
  return (await run('docker', args, { maxBuffer: 16 * 1024 * 1024 })).stdout.trim();
}

export interface Started {
  name: string;
  /** The engine, from outside. */
  endpoint: string;
  /** Where a port of the container is reached from outside. */
  port(inner: number): Promise<number>;
  exec(...command: string[]): Promise<string>;
  logs(): Promise<string>;
}

const made: string[] = [];
const volumes: string[] = [];

export async function volume(): Promise<string> {
  const name = `tierkit-test-${randomBytes(6).toString('hex')}`;
  volumes.push(name);
  return docker('volume', 'create', name);
}

/** Starts a container of the image and waits for its `Ready.`, as Testcontainers does. */
export async function start(...options: string[]): Promise<Started> {
  const name = `tierkit-test-${randomBytes(6).toString('hex')}`;
  made.push(name);
  await docker('run', '-d', '--name', name, '-p', '127.0.0.1:0:4566', ...options, image);
  await ready(name);
  return started(name);
}

/** Starts one that was stopped or killed. */
export async function again({ name }: Started): Promise<Started> {
  const since = String(Date.now() / 1000);
  await docker('start', name);
  await ready(name, since);
  return started(name);
}

async function started(name: string): Promise<Started> {
  const port = async (inner: number) => {
    const [first = ''] = (await docker('port', name, String(inner))).split('\n');
    return Number(first.slice(first.lastIndexOf(':') + 1));
  };
  return {
    name,
    endpoint: `http://127.0.0.1:${await port(4566)}`,
    port,
    exec: (...command) => docker('exec', name, ...command),
    logs: async () => {
      const { stdout, stderr } = await run('docker', ['logs', name]);
      return stdout + stderr;
    },
  };
}

function ready(name: string, since?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', ['logs', '-f', ...(since ? ['--since', since] : []), name]);
    let said = '';
    const look = (chunk: Buffer) => {
      said += chunk;
      if (!/^Ready\.$/m.test(said)) return;
      child.kill();
      resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('close', () => reject(new Error(`${name} ended before it was ready:\n${said}`)));
  });
}

export async function removeAll(): Promise<void> {
  if (made.length > 0) await docker('rm', '-f', '-v', ...made.splice(0));
  if (volumes.length > 0) await docker('volume', 'rm', '-f', ...volumes.splice(0));
}

export const CREDENTIALS = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
};
