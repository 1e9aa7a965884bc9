import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { root } from './paths';

const functions = join(root, 'app', 'functions');
const out = join(root, 'infra', 'dist', 'functions');

let bundled: Map<string, string> | undefined;

/**
 * The folder that holds a function's bundle. All are bundled in one run of esbuild (NodejsFunction starts one
 * through npx for each, which takes ten times as long), and always into the same folder, so that source maps, and
 * with them asset hashes and the template, do not depend on where the synthesis writes to.
 */
export function bundleOf(name: string): string {
  bundled ??= bundleAll();
  const folder = bundled.get(name);
  if (!folder) throw new Error(`There is no function app/functions/${name}/handler.ts`);
  return folder;
}

function bundleAll(): Map<string, string> {
  const names = readdirSync(functions).filter((name) => existsSync(join(functions, name, 'handler.ts')));
  const result = buildSync({
    entryPoints: Object.fromEntries(
      names.map((name) => [`${name}/index`, join(functions, name, 'handler.ts')]),
    ),
    outdir: out,
    absWorkingDir: root,
    write: false,
    bundle: true,
    platform: 'node',
    // Not the runtime's version: the embedded engine runs functions on the Node of the machine.
    target: 'node20',
    format: 'cjs',
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    // The modules of the SDK shake; its CommonJS does not.
    mainFields: ['module', 'main'],
    // pg's optional native driver, which nobody here installs.
    external: ['pg-native'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const file of result.outputFiles) write(file.path, file.contents);
  return new Map(names.map((name) => [name, join(out, name)]));
}

/** Whole or not at all: another synthesis may be reading. */
function write(path: string, contents: Uint8Array): void {
  if (existsSync(path) && readFileSync(path).equals(contents)) return;
  mkdirSync(dirname(path), { recursive: true });
  const fresh = `${dirname(path)}.${process.pid}.tmp`;
  writeFileSync(fresh, contents);
  renameSync(fresh, path);
}
