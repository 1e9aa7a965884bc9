import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../kernel';
import { packageRoot } from '../package-root';
import { codeCacheDirectory } from './settings';

export interface UnpackedCode {
  taskRoot: string;
  optRoot: string;
}

/**
 * Where functions' code lies unpacked: a cache, made anew from the blobs by every engine.
 *
 * Node looks for packages in all folders above a file. So the code must not lie below a project, whose packages the
 * deployed function would not have; above it there is only the SDK that Lambda's runtime brings along.
 */
export class CodeStore {
  readonly root: string;
  readonly sdkRoot: string;
  readonly #unpacked = new Map<string, Promise<UnpackedCode>>();

  constructor(readonly host: Host) {
    this.root = rootFor(host.parts.addresses.stateDirectory);
    rmSync(this.root, { recursive: true, force: true });
    mkdirSync(this.root, { recursive: true, mode: 0o700 });
    this.sdkRoot = join(this.root, 'node_modules');
    linkSdk(this.sdkRoot);
    prepareCodeCache(codeCacheDirectory(host.parts.addresses));
    // Ends the search for a package.json, which would say how .js files load.
    writeFileSync(join(this.root, 'package.json'), '{}');
  }

  unpack(codeBlob: string, layerBlobs: readonly string[]): Promise<UnpackedCode> {
    const key = [codeBlob, ...layerBlobs].join('+');
    let unpacked = this.#unpacked.get(key);
    if (!unpacked) {
      unpacked = this.#unpack(codeBlob, layerBlobs, key);
      this.#unpacked.set(key, unpacked);
      // A failure (a full disk) is not for ever.
      unpacked.catch(() => this.#unpacked.delete(key));
    }
    return unpacked;
  }

  async #unpack(codeBlob: string, layerBlobs: readonly string[], key: string): Promise<UnpackedCode> {
    const name = layerBlobs.length ? createHash('sha256').update(key).digest('hex').slice(0, 32) : codeBlob;
    const folder = join(this.root, name);
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    const opt = join(unfinished, 'opt');
    mkdirSync(opt, { recursive: true });
    const { extractArchive } = await import('./archive');
    // Later layers overwrite earlier ones' files, as in /opt.
    for (const blob of layerBlobs) await extractArchive(this.host.parts.blobs.path(blob), opt);
    await extractArchive(this.host.parts.blobs.path(codeBlob), join(unfinished, 'task'));
    await rename(unfinished, folder);
    return { taskRoot: join(folder, 'task'), optRoot: join(folder, 'opt') };
  }

  async close(): Promise<void> {
    await rm(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

function rootFor(stateDirectory: string): string {
  for (let folder = stateDirectory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'node_modules')) || existsSync(join(folder, 'package.json'))) break;
    if (dirname(folder) === folder) return join(stateDirectory, 'functions');
  }
  const mark = createHash('sha256').update(stateDirectory).digest('hex').slice(0, 16);
  const root = join(tmpdir(), `tierkit-functions-${userInfo().uid}-${mark}`);
  // In a folder everybody can write to: what is there already must be our own.
  if (existsSync(root)) {
    const stat = lstatSync(root);
    const foreign = process.getuid !== undefined && stat.uid !== process.getuid();
    if (!stat.isDirectory() || foreign)
      throw new Error(`${root} belongs to somebody else: remove it, or choose another TMPDIR`);
  }
  return root;
}

/** Every deployment leaves compiled code behind: now and then it goes. */
function prepareCodeCache(folder: string): void {
  if (existsSync(folder) && readdirSync(folder, { recursive: true }).length > 500) {
    rmSync(folder, { recursive: true, force: true });
  }
  // Else Node makes it, for all to read.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
}

/** Makes `@aws-sdk` and `@smithy` packages resolve, and none other. */
function linkSdk(sdkRoot: string): void {
  for (const scope of ['@aws-sdk', '@smithy']) {
    mkdirSync(join(sdkRoot, scope), { recursive: true });
    const seen = new Set<string>();
    for (const source of sdkSources()) {
      const folder = join(source, scope);
      for (const name of existsSync(folder) ? readdirSync(folder) : []) {
        if (seen.has(name)) continue;
        seen.add(name);
        symlinkSync(join(folder, name), join(sdkRoot, scope, name));
      }
    }
  }
}

/** Bundling the SDK's packages was measured to make them load no faster than they do as they are installed. */
function sdkSources(): string[] {
  const sources: string[] = [];
  for (let folder = packageRoot; ; folder = dirname(folder)) {
    sources.push(join(folder, 'node_modules'));
    if (dirname(folder) === folder) return sources;
  }
}
