import { join } from 'node:path';
import { bareSignature } from '../steps/identity';
import type { EngineKind } from './engine';
import { freePort, startEngine } from './process';

/** A bare node:http server: what no engine in Node can beat. */
export const bare: EngineKind = {
  name: 'bare node:http',
  async prepare() {
    return undefined;
  },
  inside: bareSignature,

  async start() {
    const port = await freePort();
    return startEngine(
      process.execPath,
      [join(__dirname, '..', 'load', 'bare-server.js'), String(port)],
      port,
    );
  },
};
