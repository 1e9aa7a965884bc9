import { readFileSync } from 'node:fs';
import type { Circus } from '@jest/types';
import { TestEnvironment } from 'jest-environment-node';
import { findBrowser } from './browser';
import { noteSkip, testKey } from './skips';

/**
 * Skips what the target lists, by the names that the suites have, and says why. So the suites know nothing of
 * targets, and a skip cannot be silent.
 * https://jestjs.io/docs/configuration#testenvironment-string
 */
export default class TargetEnvironment extends TestEnvironment {
  async handleTestEvent(event: Circus.SyncEvent | Circus.AsyncEvent, state: Circus.State): Promise<void> {
    const file = process.env.THEATRE_DEPLOYMENT;
    if (event.name !== 'run_start' || !file) return;
    const { target, skips } = JSON.parse(readFileSync(file, 'utf8'));
    skipListed(state.rootDescribeBlock, { ...lacking(), ...skips }, (key, reason) =>
      noteSkip(file, target, key, reason),
    );
  }
}

/** What this machine has not, whatever the target. */
function lacking(): Record<string, string> {
  if (findBrowser()) return {};
  return { browser: 'no Chromium found (apt-get install chromium, or set CHROMIUM_PATH)' };
}

type Block = Circus.DescribeBlock;

export function skipListed(
  root: Block,
  skips: Record<string, string>,
  note: (key: string, reason: string) => void,
): void {
  for (const suite of root.children) {
    if (suite.type !== 'describeBlock') continue;
    const reason = skips[suite.name];
    if (reason) {
      note(suite.name, reason);
      suite.mode = 'skip';
    }
    for (const test of suite.children) {
      if (test.type !== 'test') continue;
      const key = testKey(suite.name, test.name);
      const why = reason ? undefined : skips[key];
      if (why) note(key, why);
      if (reason || why) test.mode = 'skip';
    }
  }
}
