import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../../engine/src/cli/errors';
import { isAlive } from '../../engine/src/cloud/state-folder';
import type { FrontSettings } from './distribution';
import { ran } from './docker';
import { root } from './home';

interface Card {
  pid: number;
  url: string;
}

const MAIN = join(__dirname, 'front-main.ts');
const files = (home: string) => ({
  card: join(home, 'front.json'),
  settings: join(home, 'front-settings.json'),
  log: join(home, 'front.log'),
});

/** The front that runs in the background, if one does. */
export async function runningFront(home: string): Promise<Card | undefined> {
  const { card } = files(home);
  if (!existsSync(card)) return undefined;
  const told = JSON.parse(readFileSync(card, 'utf8')) as Card;
  // A process of another kind may have got the number since.
  const { stdout } = await ran('ps', ['-o', 'command=', '-p', String(told.pid)]);
  return stdout.includes('front-main') ? told : undefined;
}

/** Starts it in the background, anew where one runs: its settings may be others, and its cache is stale. */
export async function startFront(home: string, settings: FrontSettings, port: number): Promise<string> {
  await stopFront(home);
  const { card, settings: file, log: logFile } = files(home);
  writeFileSync(file, JSON.stringify(settings), { mode: 0o600 });
  const log = openSync(logFile, 'w', 0o600);
  const args = ['--import', 'tsx', MAIN, file, String(port)];
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      const said = readFileSync(logFile, 'utf8').trim().split('\n').at(-1);
      reject(new CliError(`The front ended before it was ready: ${said || `see ${logFile}`}`));
    });
    child.once('message', (url) => {
      child.disconnect();
      child.unref();
      writeFileSync(card, JSON.stringify({ pid: child.pid, url }), { mode: 0o600 });
      resolve(String(url));
    });
  });
}

export async function stopFront(home: string): Promise<boolean> {
  const running = await runningFront(home);
  if (running) await ended(running.pid);
  rmSync(files(home).card, { force: true });
  return running !== undefined;
}

/** The next one wants its port. */
async function ended(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  for (let waited = 0; isAlive(pid) && waited < 3_000; waited += 50) await sleep(50);
}
