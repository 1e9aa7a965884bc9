import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root';

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const bin = join(packageRoot, 'bin', 'tierkit.js');

/** Runs the command as a user does, to its end. */
export function tierkit(
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; uid?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: tmpdir(),
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child);
}

export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })));
}

/** A folder of the test's own, and what removes it. */
export function scratch(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'tierkit-cli-'));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts an engine in the background for a state folder; gives its card. */
export async function startEngine(
  state: string,
  ...more: string[]
): Promise<{ pid: number; port: number; endpoint: string }> {
  const { code, stdout, stderr } = await tierkit([
    'start',
    '--detach',
    '--json',
    '--port',
    '0',
    '--state',
    state,
    ...more,
  ]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { pid: number; port: number; endpoint: string };
}
