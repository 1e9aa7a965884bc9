import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineKind } from './engine';
import { freePort, startEngine } from './process';

const run = promisify(execFile);
const VERSION = '1.5.33';

/** Kept from run to run. */
const folder = join(__dirname, '..', 'dist', `ministack-${VERSION}`);
const command = join(folder, 'bin', 'ministack');

/** MiniStack, the fastest free engine that we know, installed from PyPI. */
export const ministack: EngineKind = {
  name: `MiniStack ${VERSION}`,

  async prepare() {
    if (existsSync(command)) return undefined;
    try {
      await run('python3', ['-m', 'venv', folder]);
      await run(join(folder, 'bin', 'pip'), ['install', '--quiet', `ministack==${VERSION}`]);
      return undefined;
    } catch (error) {
      return `cannot be installed here: ${error instanceof Error ? error.message.split('\n')[0] : error}`;
    }
  },

  async start() {
    const port = await freePort();
    return startEngine(command, [], port, {
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      LOG_LEVEL: 'WARNING',
      TMPDIR: tmpdir(),
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    });
  },
};
