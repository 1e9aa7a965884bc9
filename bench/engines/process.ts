import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningEngine } from './engine';

const GIVE_UP = 60_000;
const LOOK_EVERY = 2;

/** Starts an engine's process and waits until its health page answers. */
export async function startEngine(
  command: string,
  args: readonly string[],
  port: number,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningEngine> {
  const started = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const failed = once(child, 'error').then(([error]) => {
    throw error;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  await Promise.race([failed, untilHealthy(`${endpoint}/_localstack/health`, child)]);
  return {
    endpoint,
    pid: child.pid ?? 0,
    startMillis: performance.now() - started,
    stop: () => end(child),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const limit = performance.now() + GIVE_UP;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    if (performance.now() > limit) throw new Error(`no answer at ${url} in ${GIVE_UP / 1000} s`);
    await pause(LOOK_EVERY);
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      response.once('end', () => resolve(response.statusCode === 200));
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve(false));
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exit;
  clearTimeout(patience);
}
