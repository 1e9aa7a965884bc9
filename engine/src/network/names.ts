import { renameSync, writeFileSync } from 'node:fs';
import type { Collection, Store } from '../storage';

export interface Target {
  host: string;
  port: number;
}

/**
 * Which names lead where. Names under amazonaws.com and the like are answered by the engine's own port unless a
 * service said otherwise here (an RDS or ElastiCache endpoint); inside a function the runtime's preload reads the
 * same table, so `db.x.us-east-1.rds.amazonaws.com:5432` reaches the real server's port.
 */
export interface Names {
  /** `host:port` is answered at `target` from now on, until this engine ends: servers of the next have other ports. */
  set(host: string, port: number, target: Target): void;
  remove(host: string, port: number): void;
  resolve(host: string, port: number): Target | undefined;
  all(): { host: string; port: number; target: Target }[];
  /** JSON file of the whole table (`{"host:port": {"host", "port"}}`), kept up to date, for the function runtime. */
  readonly file: string;
}

export class NameTable implements Names {
  readonly #targets: Collection<Target>;

  constructor(
    store: Store,
    readonly file: string,
  ) {
    this.#targets = store.collection('targets');
    // A killed engine's targets are nobody's, or somebody else's, by now.
    for (const { key } of [...this.#targets.entries()]) this.#targets.remove(key);
    this.#publish();
  }

  set(host: string, port: number, target: Target): void {
    this.#targets.put([host.toLowerCase(), port], target);
    this.#publish();
  }

  remove(host: string, port: number): void {
    if (this.#targets.remove([host.toLowerCase(), port])) this.#publish();
  }

  resolve(host: string, port: number): Target | undefined {
    return this.#targets.get([host.toLowerCase(), port]);
  }

  all(): { host: string; port: number; target: Target }[] {
    return [...this.#targets.entries()].map(({ key, value }) => ({
      host: String(key[0]),
      port: Number(key[1]),
      target: value,
    }));
  }

  /** Renames a whole file into place, so that a reader never sees half of one. */
  #publish(): void {
    const table = Object.fromEntries(this.all().map(({ host, port, target }) => [`${host}:${port}`, target]));
    const next = `${this.file}.next`;
    writeFileSync(next, JSON.stringify(table), { mode: 0o600 });
    renameSync(next, this.file);
  }
}
