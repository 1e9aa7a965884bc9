import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Skips } from '../targets';

/** The key of a test in a list of skips, and in the table of parity. */
export const testKey = (suite: string, test: string) => `${suite} › ${test}`;

const file = (deployment: string) => join(dirname(deployment), 'skips.jsonl');

/** Says why something does not run, to the reader and to whoever writes the report. */
export function noteSkip(deployment: string, target: string, key: string, reason: string): void {
  process.stderr.write(`skipped on ${target}: ${key}: ${reason}\n`);
  appendFileSync(file(deployment), `${JSON.stringify([key, reason])}\n`);
}

/** All that was skipped in a run, with the reasons. */
export function notedSkips(deployment: string): Skips {
  if (!existsSync(file(deployment))) return {};
  const lines = readFileSync(file(deployment), 'utf8').trim().split('\n');
  return Object.fromEntries(lines.map((line) => JSON.parse(line) as [string, string]));
}
