import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Job, JobResult } from './job';

const run = promisify(execFile);

/** Runs a load process to its end. Failed requests are a failed measurement: none may hide among fast ones. */
export async function runLoad(job: Job): Promise<JobResult> {
  const script = join(__dirname, 'main.ts');
  const { stdout } = await run(process.execPath, ['--import', 'tsx', script, JSON.stringify(job)], {
    cwd: join(__dirname, '..'),
    maxBuffer: 64 * 1024 * 1024,
    timeout: job.seconds * 2000 + 60_000,
  });
  const result = JSON.parse(stdout) as JobResult;
  if (result.failures > 0) throw new Error(`${result.failures} requests failed: ${result.firstFailure}`);
  return result;
}
