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

/** Database servers as processes of this machine; all are ended with the engine. */
export class LocalServers implements Servers {
  readonly #running = new Set<RunningServer>();
  readonly #missing = new Set<string>();
  #parameters: Promise<ReadonlySet<string>> | undefined;

  async postgresVersion(): Promise<string> {
    return (await findPostgres()).version;
  }

  async postgres(options: PostgresOptions): Promise<RunningServer> {
    return this.#keep(await startPostgres(options));
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
    const server = this.#keep(await this.#attempt(startValkey(options)));
    return options.tls ? this.#keep(await tlsFront(server, options.tls)) : server;
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

  #keep(server: RunningServer): RunningServer {
    this.#running.add(server);
    void server.ended.then(() => this.#running.delete(server));
    return server;
  }
}
