import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** The function with its SDK in one file, as a production build has it. Gives the folder. */
export function bundle(): string {
  const folder = join(__dirname, '..', 'dist', 'function');
  buildSync({
    entryPoints: { index: join(__dirname, 'handler.ts') },
    outdir: folder,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minify: true,
    mainFields: ['module', 'main'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  return folder;
}
