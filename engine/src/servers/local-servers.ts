import { removePostgres, setPostgresPassword, startPostgres } from './postgres';
import { findPostgres } from './postgres-binaries';
import type { PostgresOptions, RunningServer, Servers, ValkeyOptions } from './servers';
import { startValkey } from './valkey';

/** Database servers as processes of this machine; all are ended with the engine. */
export class LocalServers implements Servers {
  readonly #running = new Set<RunningServer>();

  async postgresVersion(): Promise<string> {
    return (await findPostgres()).version;
  }

  async postgres(options: PostgresOptions): Promise<RunningServer> {
    return this.#keep(await startPostgres(options));
  }

  async changePostgresPassword(directory: string, user: string, password: string): Promise<void> {
    await setPostgresPassword(directory, user, password);
  }

  async removePostgres(directory: string): Promise<void> {
    await removePostgres(directory);
  }

  async valkey(options: ValkeyOptions): Promise<RunningServer> {
    return this.#keep(await startValkey(options));
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
