import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { identity } from '../steps/identity';
import type { EngineKind } from './engine';
import { freePort, startEngine } from './process';

const bin = join(__dirname, '..', '..', 'engine', 'bin', 'tierkit.js');

export const tierkit: EngineKind = {
  name: 'tierkit',

  async prepare() {
    // Builds the engine if its sources are newer.
    await promisify(execFile)(process.execPath, [bin, '--help']);
    return undefined;
  },

  inside: identity,

  async start() {
    const state = await mkdtemp(join(tmpdir(), 'tierkit-bench-'));
    const port = await freePort();
    const args = [bin, 'start', '--ephemeral', '--port', String(port), '--state', state];
    const engine = await startEngine(process.execPath, args, port);
    return {
      ...engine,
      async stop() {
        await engine.stop();
        await rm(state, { recursive: true, force: true });
      },
    };
  },
};
