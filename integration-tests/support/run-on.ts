import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from '../targets';
import { type RunResult, resultOf } from './results';
import { notedSkips } from './skips';
import { summary } from './table';

const here = join(__dirname, '..');
/** Where each target's last results are kept, for the table of parity. */
export const RESULTS = join(here, 'dist', 'results');

/**
 * Brings a target up, runs the suites on it and takes it down again, whatever happens in between.
 * Gives jest's exit code; where the target did not come up or did not go away, that is the error.
 */
export async function runOn(target: Target, jestArgs: string[], interrupted: AbortSignal): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'theatre-deployment-'));
  const file = join(folder, 'deployment.json');
  const report = join(folder, 'jest.json');
  let failure: unknown;
  let code = 1;
  try {
    const up = stopwatch();
    const deployment = await target.start(interrupted);
    interrupted.throwIfAborted();
    const upSeconds = up();
    say(`\ntarget ${target.name}: up, deployed and seeded in ${upSeconds} s`);
    writeFileSync(file, JSON.stringify(deployment), { mode: 0o600 });
    const tests = stopwatch();
    code = await jest([...jestArgs, '--json', '--outputFile', report], file, interrupted);
    if (existsSync(report)) {
      const result = resultOf(JSON.parse(readFileSync(report, 'utf8')), {
        target: target.name,
        skips: notedSkips(file),
        upSeconds,
        testSeconds: tests(),
      });
      keep(result, jestArgs.length === 0);
      say(`\n${summary(result)}\n(in ${result.testSeconds} s)`);
    }
  } catch (error) {
    failure = error;
  }
  rmSync(folder, { recursive: true, force: true });
  try {
    const down = stopwatch();
    await target.stop();
    if (!failure) say(`target ${target.name}: taken down in ${down()} s`);
  } catch (error) {
    if (failure) console.error(failure);
    failure = error;
  }
  if (failure) throw failure;
  return code;
}

const say = (text: string) => process.stderr.write(`${text}\n`);

function stopwatch(): () => number {
  const began = performance.now();
  return () => Math.round((performance.now() - began) / 100) / 10;
}

function jest(args: string[], deployment: string, interrupted: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [require.resolve('jest/bin/jest'), '--config', join(here, 'jest.config.cjs'), ...args],
      {
        cwd: here,
        env: { ...process.env, THEATRE_DEPLOYMENT: deployment },
        // The results go to a file; jest says on its error output what people read.
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
    const end = () => child.kill();
    interrupted.addEventListener('abort', end);
    child.once('error', reject);
    child.once('close', (code) => {
      interrupted.removeEventListener('abort', end);
      resolve(code ?? 1);
    });
  });
}

/** Of a whole run only: a part of the suites is no result for the table. */
function keep(result: RunResult, whole: boolean): void {
  if (!whole) return;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${result.target}.json`), `${JSON.stringify(result, null, 2)}\n`);
}
