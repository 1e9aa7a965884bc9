/** A running database server. */
export interface RunningServer {
  host: string;
  port: number;
  pid: number;
  stop(): Promise<void>;
}

/** Real Postgres and Valkey/Redis processes, one per RDS instance or cache node. */
export interface Servers {
  /** Starts (after initdb on first use) a Postgres whose data is in `directory`. */
  postgres(options: {
    directory: string;
    user: string;
    password: string;
    database?: string;
    parameters?: Record<string, string>;
  }): Promise<RunningServer>;
  /** Starts a Valkey/Redis, or throws ServerUnavailable with what to install where none is to be had. */
  valkey(options: {
    directory: string;
    password?: string;
    parameters?: Record<string, string>;
  }): Promise<RunningServer>;
}

/** No binary for this kind of server on this machine; the message says what to install. */
export class ServerUnavailable extends Error {}
