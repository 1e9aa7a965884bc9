import { type ChildProcess, spawn } from 'node:child_process';
import type { RunningServer } from './servers';

export interface ServerCommand {
  /** For messages, e.g. `postgres`. */
  name: string;
  command: string;
  args: readonly string[];
  cwd: string;
  env?: NodeJS.ProcessEnv;
  uid?: number;
  gid?: number;
  port: number;
  /** The line of output that says it accepts connections. */
  ready: RegExp;
  /** The signal that asks it to end in good order. */
  stopSignal: NodeJS.Signals;
}

/**
 * Starts a server and waits for its own word that it is ready. A guard process stands between, so that the server
 * ends with the engine even when that is killed.
 */
export function startServer(options: ServerCommand): Promise<RunningServer> {
  const child = spawn(process.execPath, ['-e', GUARD, options.command, ...options.args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, LANG: 'C.UTF-8', ...options.env, TIERKIT_STOP_SIGNAL: options.stopSignal },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
  });
  return new Promise((resolve, reject) => {
    let output = '';
    const ended = new Promise<void>((done) => child.once('close', () => done()));
    const look = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8192);
      if (options.ready.test(output)) {
        child.stdout.off('data', look).resume();
        child.stderr.off('data', look).resume();
        resolve(running(child, options, ended));
      }
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    // A guard that died already cannot be told anything; its end is what counts.
    child.stdin.on('error', () => {});
    child.once('error', reject);
    child.once('close', (code) =>
      reject(new Error(`${options.name} ended with ${code} before it was ready: ${output.trim()}`)),
    );
  });
}

function running(child: ChildProcess, options: ServerCommand, ended: Promise<void>): RunningServer {
  return {
    host: '127.0.0.1',
    port: options.port,
    pid: child.pid ?? 0,
    ended,
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}

/**
 * Runs the server and ends it when its standard input closes: that happens when the engine asks, and also when the
 * engine is killed, so that no server outlives it.
 */
const GUARD = `
const { spawn } = require('node:child_process');
const [command, ...args] = process.argv.slice(1);
const server = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
server.on('error', (error) => { console.error(String(error)); process.exit(127); });
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
process.stdin.on('end', () => server.kill(process.env.TIERKIT_STOP_SIGNAL)).on('error', () => {}).resume();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});
`;
