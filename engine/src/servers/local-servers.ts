import { mkdir } from 'node:fs/promises';
import { free, LOOPBACK, type Place, type PlaceOptions, Places } from './places';
import { knownParameters, removePostgres, setPostgresPassword, startPostgres } from './postgres';
import { findPostgres } from './postgres-binaries';
import { copyPostgres } from './postgres-copy';
import {
  type PostgresOptions,
  type RunningServer,
  type Servers,
  ServerUnavailable,
  type ValkeyOptions,
} from './servers';
import { tlsFront } from './tls-front';
import { startValkey } from './valkey';

/** Where servers listen, by kind; on loopback and any free port if left out. */
export interface ServerPlaces {
  postgres?: PlaceOptions;
  valkey?: PlaceOptions;
}

/** Database servers as processes of this machine; all are ended with the engine. */
export class LocalServers implements Servers {
  readonly #running = new Set<RunningServer>();
  readonly #missing = new Set<string>();
  readonly #postgresPlaces: Places;
  readonly #valkeyPlaces: Places;
  #parameters: Promise<ReadonlySet<string>> | undefined;

  constructor(options: ServerPlaces = {}) {
    this.#postgresPlaces = new Places(options.postgres);
    this.#valkeyPlaces = new Places(options.valkey);
  }

  async postgresVersion(): Promise<string> {
    return (await findPostgres()).version;
  }

  async postgres(options: PostgresOptions): Promise<RunningServer> {
    return this.#place(this.#postgresPlaces, options.directory, (place) => startPostgres(options, place));
  }

  postgresParameters(): Promise<ReadonlySet<string>> {
    this.#parameters ??= knownParameters();
    return this.#parameters;
  }

  async changePostgresPassword(directory: string, user: string, password: string): Promise<void> {
    await setPostgresPassword(directory, user, password);
  }

  async copyPostgres(from: string, to: string): Promise<void> {
    await copyPostgres(from, to);
  }

  async removePostgres(directory: string): Promise<void> {
    await removePostgres(directory);
  }

  async valkey(options: ValkeyOptions): Promise<RunningServer> {
    return this.#place(this.#valkeyPlaces, options.directory, async (place) => {
      const { tls } = options;
      if (!tls) return this.#attempt(startValkey(options, place));
      const behind = { host: LOOPBACK, port: (await free(LOOPBACK, 0)) ?? 0 };
      return tlsFront(this.#keep(await this.#attempt(startValkey(options, behind))), tls, place);
    });
  }

  /** What this machine has no program for, and how to get it: a sentence each. */
  get missing(): string[] {
    return [...this.#missing];
  }

  async #attempt(starting: Promise<RunningServer>): Promise<RunningServer> {
    try {
      return await starting;
    } catch (error) {
      if (error instanceof ServerUnavailable) this.#missing.add(error.message);
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running].map((server) => server.stop()));
  }

  /** Starts a server at an address of its own, which is free again when it has ended. */
  async #place(
    places: Places,
    directory: string,
    start: (place: Place) => Promise<RunningServer>,
  ): Promise<RunningServer> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const place = await places.take(directory);
    const starting = start(place);
    place.until(
      starting.then(
        ({ ended }) => ended,
        () => undefined,
      ),
    );
    return this.#keep(await starting);
  }

  #keep(server: RunningServer): RunningServer {
    this.#running.add(server);
    void server.ended.then(() => this.#running.delete(server));
    return server;
  }
}
