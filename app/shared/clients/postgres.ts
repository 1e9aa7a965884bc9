import { Client, DatabaseError } from 'pg';
import { setting } from '../config';
import { logger } from '../observability';
import { type Login, LoginSecret } from './secret';

/** As much of a connection as the queries use. */
export interface Sql {
  query<Row extends object>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

// https://www.postgresql.org/docs/16/errcodes-appendix.html
const WRONG_PASSWORD = new Set(['28P01', '28000']);

/** One connection an environment (an environment serves one request at a time), made anew when it was lost. */
export class Database implements Sql {
  #client: Client | undefined;

  constructor(
    private readonly secret: Pick<LoginSecret, 'get' | 'forget'>,
    private readonly open: (login: Login) => Promise<Client>,
  ) {}

  async query<Row extends object>(text: string, values: unknown[] = []): Promise<{ rows: Row[] }> {
    const reused = this.#client !== undefined;
    try {
      return await (await this.#connected()).query<Row>(text, values);
    } catch (error) {
      // Postgres said no: that is an answer. Anything else means that the connection is gone.
      if (error instanceof DatabaseError) throw error;
      await this.close();
      if (!reused) throw error;
      logger.warn('database connection was lost, connecting again');
      return await (await this.#connected()).query<Row>(text, values);
    }
  }

  /** A connection of its own for `work`, never replaced half-way: for transactions and session locks. */
  async session<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#login();
    try {
      return await work({ query: (text, values) => client.query(text, values) });
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  async #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const client = await this.#login();
    client.on('error', () => {
      if (this.#client === client) this.#client = undefined;
    });
    this.#client = client;
    return client;
  }

  async #login(): Promise<Client> {
    try {
      return await this.open(await this.secret.get());
    } catch (error) {
      if (!(error instanceof DatabaseError && WRONG_PASSWORD.has(error.code ?? ''))) throw error;
      this.secret.forget();
      return this.open(await this.secret.get());
    }
  }
}

let shared: Database | undefined;

export function database(options: { queryTimeoutMs: number } = { queryTimeoutMs: 5_000 }): Database {
  shared ??= new Database(new LoginSecret(setting('DATABASE_SECRET_ARN')), async (login) => {
    const client = new Client({
      host: login.host,
      port: login.port,
      database: login.dbname,
      user: login.username,
      password: login.password,
      // RDS refuses plain connections to Postgres 15 and later (rds.force_ssl is 1), and its certificate
      // is signed by an authority that NODE_EXTRA_CA_CERTS names.
      // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
      ssl: true,
      connectionTimeoutMillis: 3_000,
      query_timeout: options.queryTimeoutMs,
      keepAlive: true,
    });
    await client.connect();
    return client;
  });
  return shared;
}
