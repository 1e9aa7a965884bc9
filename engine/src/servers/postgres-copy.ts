import { execFile } from 'node:child_process';
import { watch } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { dataFolder, findPostgres } from './postgres-binaries';

const run = promisify(execFile);

/**
 * Copies a stopped cluster. Made beside its place and renamed, so that a copy which was cut off never looks whole;
 * by `cp`, as Postgres' own user, so that the copy is that user's too.
 */
export async function copyPostgres(from: string, to: string): Promise<void> {
  const binaries = await findPostgres();
  const source = dataFolder(from, binaries);
  const target = dataFolder(to, binaries);
  await previousEnded(source);
  // There even where the data lies elsewhere: it tells `tierkit reset` what to remove.
  await mkdir(to, { recursive: true, mode: 0o700 });
  await mkdir(dirname(target), { recursive: true, mode: binaries.owner ? 0o755 : 0o700 });
  await removeUnfinished(target);
  // A name of its own: the copying of an engine that was killed may go on for a while.
  const next = `${target}.new-${process.pid}`;
  await mkdir(next, { mode: 0o700 });
  if (binaries.owner) await chown(next, binaries.owner.uid, binaries.owner.gid);
  await run('cp', ['-pR', `${source}/.`, next], { cwd: next, ...binaries.owner });
  await rm(join(next, 'postmaster.pid'), { force: true });
  await rm(target, { recursive: true, force: true });
  await rename(next, target);
}

/** Removes what initdb or a copy that was cut off left beside `data`. */
export async function removeUnfinished(data: string): Promise<void> {
  const folder = dirname(data);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(data)}.new`)))
    await rm(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Resolves when no server runs on `data`: that of an engine that was killed just now may still be writing its
 * checkpoint. What a lost machine left behind is removed: its process id may be anybody's by now.
 */
export async function previousEnded(data: string): Promise<void> {
  const lock = join(data, 'postmaster.pid');
  const owner = async () => {
    const text = await readFile(lock, 'utf8').catch(() => '');
    const pid = Number(text.split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  };
  const pid = await owner();
  if (pid === undefined) return;
  if (!(await runsOn(pid, data))) return rm(lock, { force: true });
  await new Promise<void>((resolve, reject) => {
    const look = async () => {
      if ((await owner()) === pid) return;
      watcher.close();
      resolve();
    };
    // Postgres removes its lock as its last act.
    const watcher = watch(data, () => void look());
    watcher.once('error', reject);
    // Its guard has asked it to end already, unless that was killed too.
    process.kill(pid, 'SIGINT');
    void look();
  });
}

/** Whether the process is a Postgres on this very folder. */
async function runsOn(pid: number, data: string): Promise<boolean> {
  const { stdout } = await run('ps', ['-o', 'args=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.includes(data);
}
