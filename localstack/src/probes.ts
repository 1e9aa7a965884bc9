import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { CliError } from '../../engine/src/cli/errors';
import type { Compose } from './compose';
import { DIED } from './docker';
import { password } from './home';

const LOOPBACK = '127.0.0.1';
const PATIENCE_MS = 180_000;
const PAUSE_MS = 200;

export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Waits until all three do their work; a container that ends instead is told of at once, with its log. */
export async function healthy(compose: Compose): Promise<void> {
  const { home, ports } = compose.settings;
  const waiting = new Map([
    ['localstack', () => localstackIsReady(`http://${LOOPBACK}:${ports.localstack}`)],
    ['postgres', () => postgresIsReady(ports.postgres, password(home))],
    ['redis', () => redisIsReady(ports.redis)],
  ]);
  const until = Date.now() + PATIENCE_MS;
  while (waiting.size > 0) {
    for (const [name, ready] of [...waiting]) if (await ready()) waiting.delete(name);
    if (waiting.size === 0) return;
    await compose.allAlive();
    if (Date.now() > until) {
      throw new CliError(
        `Still not healthy after ${PATIENCE_MS / 1000} s: ${[...waiting.keys()].join(', ')}. See \`make logs TARGET=localstack\`.`,
        DIED,
      );
    }
    await sleep(PAUSE_MS);
  }
}

async function localstackIsReady(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/_localstack/init/ready`, {
      signal: AbortSignal.timeout(2_000),
    });
    return ((await response.json()) as { completed?: boolean }).completed === true;
  } catch {
    return false;
  }
}

async function postgresIsReady(port: number, secret: string): Promise<boolean> {
  const client = new Client({
    ...{ host: LOOPBACK, port, user: 'postgres', password: secret, database: 'postgres' },
    connectionTimeoutMillis: 2_000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '28P01') {
      throw new CliError(
        'Postgres keeps data from before its password was made anew: `make reset TARGET=localstack` forgets it.',
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function redisIsReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port }, () => socket.write('PING\r\n'));
    socket.setTimeout(2_000, () => socket.destroy());
    socket.once('data', (data) => {
      resolve(data.toString().startsWith('+PONG'));
      socket.destroy();
    });
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
  });
}
