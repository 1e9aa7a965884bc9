import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../kernel';
import { runtimeDirectory } from '../settings';

/** Where containers find what the engine gives them. */
export const SHARED = '/var/tierkit';

/**
 * A folder that every container gets to read: the local authority's certificate, and the preload that leads names of
 * AWS to the engine in Node's runtimes, with its table. Lambda's user reads it, so it is a copy with other rights.
 */
export class SharedFiles {
  readonly folder: string;

  constructor(
    readonly host: Host,
    root: string,
    readonly engineHost: string,
  ) {
    this.folder = join(root, 'shared');
    mkdirSync(this.folder, { recursive: true, mode: 0o755 });
    for (const file of ['names.js', 'container-preload.js'])
      copyFileSync(join(runtimeDirectory, file), join(this.folder, file));
    this.#write('package.json', '{"type":"commonjs"}');
  }

  /** Brings the folder up to date. */
  async refresh(): Promise<void> {
    const { addresses, names } = this.host.parts;
    await addresses.caReady();
    if (existsSync(addresses.caFile)) this.#write('ca.pem', readFileSync(addresses.caFile, 'utf8'));
    this.#write(
      'settings.json',
      JSON.stringify({
        enginePort: addresses.port,
        engineHost: this.engineHost,
        namesFile: `${SHARED}/names.json`,
      }),
    );
    const table = JSON.parse(readFileSync(names.file, 'utf8')) as Record<
      string,
      { host: string; port: number }
    >;
    for (const target of Object.values(table)) target.host = this.engineHost;
    this.#write('names.json', JSON.stringify(table));
  }

  #write(name: string, text: string): void {
    const file = join(this.folder, name);
    writeFileSync(`${file}.next`, text, { mode: 0o644 });
    renameSync(`${file}.next`, file);
  }
}
