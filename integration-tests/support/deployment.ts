import { readFileSync } from 'node:fs';
import type { Deployment } from '../targets';

// A real system answers: a cold start behind a busy machine takes longer than jest's five seconds.
jest.setTimeout(60_000);

let read: Deployment | undefined;

/** The system under test, as the set-up left it. */
export function deployment(): Deployment {
  const file = process.env.THEATRE_DEPLOYMENT;
  if (!file) throw new Error('No deployment: run these tests with `npm test -w @tierkit/integration-tests`');
  read ??= JSON.parse(readFileSync(file, 'utf8')) as Deployment;
  return read;
}

export function output(name: string): string {
  const value = deployment().outputs[name];
  if (!value) throw new Error(`The stack has no output ${name}`);
  return value;
}

/** `describe`, or `describe.skip` with the target's reason printed. */
export function suite(name: string, work: () => void): void {
  const reason = deployment().skips[name];
  if (!reason) {
    describe(name, work);
    return;
  }
  process.stderr.write(`skipped on ${deployment().target}: ${name}: ${reason}\n`);
  describe.skip(name, work);
}
