import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root';

/**
 * Names the code of this engine: the bundle's entry, which names its chunks by their content, and what runs inside
 * functions. Another engine's differs exactly when its code does.
 */
export function buildId(): string {
  const hash = createHash('sha256').update(readFileSync(join(packageRoot, 'dist', 'cli.js')));
  const runtime = join(packageRoot, 'runtime');
  for (const name of readdirSync(runtime).sort()) hash.update(name).update(readFileSync(join(runtime, name)));
  return hash.digest('hex').slice(0, 16);
}
