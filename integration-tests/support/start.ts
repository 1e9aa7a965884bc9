import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenTarget, type Target } from '../targets';

declare global {
  // What jest's set-up hands to its tear-down; both run in one process.
  var theatreTarget: Target | undefined;
}

/** Brings the target up once for all suites; they find it in the file that THEATRE_DEPLOYMENT names. */
export default async function start(): Promise<void> {
  const target = await chosenTarget();
  globalThis.theatreTarget = target;
  const began = performance.now();
  try {
    const deployment = await target.start();
    const file = join(mkdtempSync(join(tmpdir(), 'theatre-deployment-')), 'deployment.json');
    writeFileSync(file, JSON.stringify(deployment), { mode: 0o600 });
    process.env.THEATRE_DEPLOYMENT = file;
  } catch (error) {
    // Jest runs no tear-down after a failed set-up.
    await target.stop().catch((failure: unknown) => console.error(failure));
    throw error;
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stderr.write(`\ntarget ${target.name}: up, deployed and seeded in ${seconds} s\n`);
}
