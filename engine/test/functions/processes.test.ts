import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { isAlive } from '../../src/cloud/state-folder';
import { Bench } from './support';

const pid =
  'exports.handler = async (e) => { if (e.wait) await new Promise((r) => setTimeout(r, e.wait)); if (e.spin) for (;;); return process.pid; }';

test('environments are used again, last one first, and only by their own revision', async () => {
  const bench = new Bench();
  try {
    const spec = await bench.spec({ 'index.js': pid });
    const first = (await bench.call(spec)).value;
    expect((await bench.call(spec)).value).toBe(first);
    // Long enough that the second environment starts while the first is busy, on a slow machine too.
    const both = await Promise.all([bench.call(spec, { wait: 2000 }), bench.call(spec, { wait: 2000 })]);
    expect(new Set(both.map((result) => result.value)).size).toBe(2);
    const changed = await bench.call({ ...spec, revision: 'next' });
    expect(both.map((result) => result.value)).not.toContain(changed.value);
  } finally {
    await bench.close();
  }
});

test('a burst is served by few processes', async () => {
  const bench = new Bench();
  try {
    const spec = await bench.spec({ 'index.js': pid });
    const results = await Promise.all(Array.from({ length: 100 }, () => bench.call(spec)));
    expect(results.every((result) => result.functionError === undefined)).toBe(true);
    expect(new Set(results.map((result) => result.value)).size).toBeLessThan(30);
  } finally {
    await bench.close();
  }
});

test('all processes end with the engine, also what they started', async () => {
  const bench = new Bench();
  const spec = await bench.spec({
    'index.js': `const { spawn } = require('child_process');
      exports.handler = async () => [process.pid, spawn('sleep', ['600'], { stdio: 'ignore' }).pid];`,
  });
  const { value } = await bench.call(spec);
  await bench.close();
  expect(value.map(isAlive)).toEqual([false, false]);
});

test('all processes end when the engine is killed, even one that never rests', async () => {
  // Beside the engine's own bundle, from where it finds its runtime and its native packages.
  const outfile = join(__dirname, '..', '..', 'dist', `killed-engine-${process.pid}.cjs`);
  const entryPoints = [join(__dirname, 'killed-engine.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', external: ['lmdb'] });
  const engine = spawn(process.execPath, [outfile], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(engine.stdout, 'data')) as [Buffer];
  rmSync(outfile);
  const [idle, spinning, state] = JSON.parse(line.toString()) as [number, number, string];
  expect([isAlive(idle), isAlive(spinning)]).toEqual([true, true]);
  engine.kill('SIGKILL');
  await once(engine, 'exit');
  // Nobody tells when they are gone: the reaper takes a moment.
  const gone = () => !isAlive(idle) && !isAlive(spinning);
  for (let tries = 0; tries < 500 && !gone(); tries++) await new Promise((done) => setTimeout(done, 10));
  rmSync(state, { recursive: true, force: true });
  expect(gone()).toBe(true);
});
