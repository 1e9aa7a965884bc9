import { readFileSync } from 'node:fs';
import type { Deployment } from '../targets';

// A real system answers: a cold start behind a busy machine takes longer than jest's five seconds.
jest.setTimeout(60_000);

let read: Deployment | undefined;

/** The system under test, as the runner left it. */
export function deployment(): Deployment {
  const file = process.env.THEATRE_DEPLOYMENT;
  if (!file) throw new Error('No deployment: run these tests with `npm run test:integration`');
  read ??= JSON.parse(readFileSync(file, 'utf8')) as Deployment;
  return read;
}

export function output(name: string): string {
  const value = deployment().outputs[name];
  if (!value) throw new Error(`The stack has no output ${name}`);
  return value;
}
