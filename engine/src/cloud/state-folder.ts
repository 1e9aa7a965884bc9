import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, SealError } from '../storage';

/** What can be wrong with a state folder, said for the person who has to mend it. */
export class StateFolderError extends Error {}

/** The folder that holds one engine's state; held by at most one running engine. */
export class StateFolder {
  private constructor(
    readonly path: string,
    readonly ephemeral: boolean,
    /** Its last engine was killed: what it was at may be half done. */
    readonly unclean = false,
  ) {}

  /** A folder that goes when the engine stops. */
  static async temporary(): Promise<StateFolder> {
    return new StateFolder(await mkdtemp(join(tmpdir(), 'tierkit-')), true);
  }

  /** Takes `path` for this process. Throws StateFolderError when another engine has it or it cannot be written. */
  static take(path: string): StateFolder {
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
      const lock = join(path, 'engine.lock');
      let unclean = false;
      for (;;) {
        try {
          const file = openSync(lock, 'wx', 0o600);
          writeSync(file, [process.pid, startOf(process.pid)].join(' '));
          closeSync(file);
          return new StateFolder(path, false, unclean);
        } catch (error) {
          if (!isErrno(error, 'EEXIST')) throw error;
          const [owner = 0, started] = readFileSync(lock, 'utf8').split(' ').map(Number);
          // In a container numbers are few, and another process soon has a killed engine's.
          const same = !started || started === startOf(owner);
          if (owner !== process.pid && same && isAlive(owner)) {
            throw new StateFolderError(
              `The state folder ${path} is in use by a running engine (process ${owner}). Stop it with \`tierkit down\`, or choose another folder with --state.`,
            );
          }
          // Its engine was killed: the lock is nobody's.
          rmSync(lock, { force: true });
          unclean = true;
        }
      }
    } catch (error) {
      if (isErrno(error, 'EACCES', 'EROFS', 'EPERM'))
        throw new StateFolderError(
          `The state folder ${path} cannot be written (${error.code}). Mend its permissions, or choose another folder with --state.`,
        );
      if (isErrno(error, 'ENOSPC', 'EDQUOT'))
        throw new StateFolderError(
          `The disk that holds the state folder ${path} is full. Free some space, or choose another folder with --state.`,
        );
      if (isErrno(error, 'ENOTDIR', 'EEXIST'))
        throw new StateFolderError(`The state folder ${path} is not a folder.`);
      throw error;
    }
  }

  async release(): Promise<void> {
    if (this.ephemeral) await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
    else await rm(join(this.path, 'engine.lock'), { force: true });
  }
}

/** Opens what a state folder holds. */
export function openState(path: string): Database {
  try {
    return new Database(path);
  } catch (error) {
    if (!(error instanceof SealError)) throw error;
    throw new StateFolderError(`${error.message} Put that key back, or choose another folder with --state.`);
  }
}

export function isErrno(error: unknown, ...codes: string[]): error is NodeJS.ErrnoException {
  // Not `instanceof Error`: Node's own errors are of another realm in some test runners.
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    typeof error.code === 'string' &&
    codes.includes(error.code)
  );
}

/** When a process started, in the system's own count; 0 where it does not tell. */
function startOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, second and in brackets, may hold spaces and brackets itself.
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
  } catch {
    return 0;
  }
}

/** Whether a process runs (and is not just waiting to be reaped). */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
  try {
    if (!statSync(`/proc/${pid}`).isDirectory()) return true;
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
