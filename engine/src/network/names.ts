/**
 * Which names lead where. Names under amazonaws.com and the like are answered by the engine's own port unless a
 * service said otherwise here (an RDS or ElastiCache endpoint); inside a function the runtime's preload reads the
 * same table, so `db.x.us-east-1.rds.amazonaws.com:5432` reaches the real server's port.
 */
export interface Names {
  /** `host:port` is answered at `target` from now on. Durable. */
  set(host: string, port: number, target: { host: string; port: number }): void;
  remove(host: string, port: number): void;
  resolve(host: string, port: number): { host: string; port: number } | undefined;
  /** JSON file of the whole table, kept up to date, for the function runtime. */
  readonly file: string;
}
