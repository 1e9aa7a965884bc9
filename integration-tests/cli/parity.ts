import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RunResult } from '../support/results';
import { RESULTS, runOn } from '../support/run-on';
import { type Absent, summary, table, targetsIn, withTable } from '../support/table';
import { chosenTarget, TARGET_NAMES, TargetError } from '../targets';
import { endWith } from './end';
import { interruption } from './interruption';

const PAGE = join(__dirname, '..', '..', 'docs', 'parity.md');
const ARTEFACT = join(__dirname, '..', 'dist', 'parity.md');

/**
 * `npm run parity [-- --from FOLDER]`: the suites on every target that is there, as one table. With --from nothing
 * is run: the table is made of results that were kept, on this machine or others.
 */
async function parity(interrupted: AbortSignal): Promise<number> {
  const [option, folder] = process.argv.slice(2);
  // npm runs this in the workspace's folder, and says where it was called from.
  const here = process.env.INIT_CWD ?? process.cwd();
  const from = option === '--from' ? resolve(here, folder ?? RESULTS) : undefined;
  const absent: Absent[] = [];
  if (!from) {
    rmSync(RESULTS, { recursive: true, force: true });
    for (const name of TARGET_NAMES) {
      const reason = await runWhereThere(name, interrupted);
      if (reason) absent.push({ target: name, reason });
    }
  }
  const results = kept(from ?? RESULTS);
  if (results.length === 0) throw new Error(`There are no results in ${from ?? RESULTS}`);
  const text = table(results, absent);
  mkdirSync(join(ARTEFACT, '..'), { recursive: true });
  writeFileSync(ARTEFACT, `${text}\n`);
  process.stdout.write(`\n${text}\n\n`);
  keepInDocs(results, text);
  for (const result of results) process.stdout.write(`${summary(result)}\n`);
  return results.some(({ tests }) => tests.some(({ status }) => status === 'failed')) ? 1 : 0;
}

/** Runs the suites on a target; gives the reason where it cannot be. AWS only where its account was named. */
async function runWhereThere(name: string, interrupted: AbortSignal): Promise<string | undefined> {
  const yes = process.env.TIERKIT_AWS_YES || undefined;
  if (name === 'aws' && !yes) return 'it costs money: TIERKIT_AWS_YES=<account> allows it';
  try {
    await runOn(await chosenTarget(name, { yes }), [], interrupted);
    return undefined;
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.message.split('\n')[0]?.replace(`target ${name}: `, '');
  }
}

/** In the targets' own order, whatever the files are called. */
function kept(folder: string): RunResult[] {
  if (!existsSync(folder)) return [];
  const order = (result: RunResult) => TARGET_NAMES.indexOf(result.target);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as RunResult)
    .sort((a, b) => order(a) - order(b));
}

/** The page keeps what it knows: a table with fewer targets, or with failures, does not take the place of it. */
function keepInDocs(results: RunResult[], text: string): void {
  if (process.env.CI) return;
  const page = readFileSync(PAGE, 'utf8');
  const missing = targetsIn(page).filter((name) => !results.some(({ target }) => target === name));
  const failed = results.some(({ tests }) => tests.some(({ status }) => status === 'failed'));
  if (missing.length > 0 || failed) {
    const why = failed ? 'tests failed' : `no results of ${missing.join(', ')}`;
    process.stderr.write(`docs/parity.md is left as it was: ${why}\n`);
    return;
  }
  writeFileSync(PAGE, withTable(page, text));
}

const interrupted = interruption();
void endWith(parity(interrupted), interrupted);
