/** A running database server. */
export interface RunningServer {
  host: string;
  port: number;
  pid: number;
  /** Resolves when the server's process has ended, however that came about. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** The instance's own folder below the state folder. */
  directory: string;
  user: string;
  password: string;
  /** A database to create besides `postgres`. */
  database?: string;
  /** Another's folder (copied to by `copyPostgres`) whose data it begins with, instead of an empty cluster. */
  beginsAs?: string;
  /** Server parameters, e.g. `{ max_connections: '100' }`. */
  parameters?: Record<string, string>;
  /** Certificate for the instance's endpoint name, PEM. */
  tls: { key: string; cert: string };
  /** Refuse connections without TLS, as RDS for PostgreSQL 15 and later does by default (rds.force_ssl). */
  forceTls: boolean;
}

export interface ValkeyOptions {
  directory: string;
  /** AUTH token. */
  password?: string;
  parameters?: Record<string, string>;
  /** Serve TLS only, as this name. */
  tls?: { key: string; cert: string };
}

/** Real Postgres and Valkey/Redis processes, one per RDS instance or cache node. */
export interface Servers {
  /** The version of the Postgres that is there, e.g. `16.14`. */
  postgresVersion(): Promise<string>;
  /** Starts (after initdb on first use) a Postgres whose data is in `directory`. */
  postgres(options: PostgresOptions): Promise<RunningServer>;
  /** Changes the password of an instance's `user`. The server must have been stopped. */
  changePostgresPassword(directory: string, user: string, password: string): Promise<void>;
  /** Copies the data of an instance, whose server must have been stopped, to another folder: whole or not at all. */
  copyPostgres(from: string, to: string): Promise<void>;
  /** Names of the server parameters that exist. */
  postgresParameters(): Promise<ReadonlySet<string>>;
  /** Removes what `postgres` keeps for this directory. The server must have been stopped. */
  removePostgres(directory: string): Promise<void>;
  /** Starts a Valkey/Redis. Throws ServerUnavailable, with what to install, where none is to be had. */
  valkey(options: ValkeyOptions): Promise<RunningServer>;
}

/** No binary for this kind of server on this machine; the message says what to install. */
export class ServerUnavailable extends Error {}
