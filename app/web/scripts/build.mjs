import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds the site beside `dist` and puts it there when it is whole: a synthesis that reads it never sees half. */
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const work = join(root, '.cache', `build-${process.pid}`);
const fresh = join(work, 'new');

try {
  mkdirSync(work, { recursive: true });
  await build({ root, logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } });
  // Mostly it is the same site: whoever reads it is not disturbed.
  if (!same(fresh, dist)) replace();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/** Another build may do so at the same time: the last one stays. */
function replace() {
  for (let tries = 0; ; tries++) {
    try {
      if (existsSync(dist)) renameSync(dist, join(work, `old-${tries}`));
      return renameSync(fresh, dist);
    } catch (error) {
      if (tries === 10 || !['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
  }
}

function same(a, b) {
  const names = files(a);
  return (
    names.join('\n') === files(b).join('\n') &&
    names.every((name) => readFileSync(join(a, name)).equals(readFileSync(join(b, name))))
  );
}

function files(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
    .sort();
}
