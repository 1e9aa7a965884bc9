import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, isErrno } from '../cloud/state-folder';
import { CliError } from './errors';
import { ensureHome, type Project } from './project';

/** Runs `work` unless another process is changing the same project's system right now. */
export async function exclusively<T>(project: Project, work: () => Promise<T>): Promise<T> {
  ensureHome(project);
  const file = join(project.home, 'up.lock');
  take(file);
  const release = () => rmSync(file, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function take(file: string): void {
  for (;;) {
    try {
      const lock = openSync(file, 'wx', 0o600);
      writeSync(lock, String(process.pid));
      closeSync(lock);
      return;
    } catch (error) {
      if (isErrno(error, 'EACCES', 'EROFS', 'EPERM', 'ENOSPC'))
        throw new CliError(
          `${file} cannot be written (${error.code}). Mend its folder, or choose another with --state.`,
        );
      if (!isErrno(error, 'EEXIST')) throw error;
      const owner = Number(readFileSync(file, 'utf8'));
      if (isAlive(owner))
        throw new CliError(
          `Another \`tierkit up\` (process ${owner}) is at work on this project. Wait for it to end.`,
          3,
        );
      rmSync(file, { force: true });
    }
  }
}
