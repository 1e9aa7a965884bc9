import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const root = join(__dirname, '..', '..');
const bin = join(root, 'engine', 'bin', 'tierkit.js');

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The theatre in a folder of its own, with an engine of its own: to be broken, and mended. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'theatre-copy-'));
  readonly state = join(this.folder, '.tierkit');

  constructor(readonly environment: Record<string, string> = {}) {
    const made = ['node_modules', 'cdk.out', '.tierkit'];
    for (const name of ['app', 'infra', 'tsconfig.json']) {
      // The built site is taken along: a copy is not built again.
      const wanted = (path: string) =>
        !made.includes(basename(path)) && path !== join(root, 'infra', 'dist') && !/web\/src$/.test(path);
      cpSync(join(root, name), join(this.folder, name), { recursive: true, filter: wanted });
    }
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
    const tierkit = { cdk: 'infra', seed: 'npx --no-install tsx app/seed/seed.ts' };
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ private: true, tierkit }));
  }

  edit(file: string, change: (text: string) => string): void {
    const path = join(this.folder, file);
    const before = readFileSync(path, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`Nothing of ${file} was changed`);
    writeFileSync(path, after);
  }

  /** Runs the command in the copy, as its user would, to its end. */
  tierkit(...args: string[]): Promise<Ended> {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.folder,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        ended[stream] += text;
      });
    }
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, ...ended }));
    });
  }

  async remove(): Promise<void> {
    await this.tierkit('reset');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
