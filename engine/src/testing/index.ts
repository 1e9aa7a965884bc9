import { type CloudOptions, LocalCloud } from '../cloud';
import type { Host } from '../kernel';

/** What every SDK v3 client takes; enough to point it at this engine. */
export interface ClientConfiguration {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
}

export interface TestCloud {
  readonly endpoint: string;
  readonly port: number;
  readonly cloud: LocalCloud;
  /** Calls operations in process, without HTTP. */
  host(region?: string, account?: string): Host;
  /** Makes an SDK client that talks to this engine. It is destroyed when the engine stops. */
  client<C extends { destroy(): void }>(
    Client: new (configuration: ClientConfiguration) => C,
    overrides?: Partial<ClientConfiguration> & Record<string, unknown>,
  ): C;
  stop(): Promise<void>;
}

/** Starts an engine of a test's own: any free port, temporary state, nothing left behind. */
export async function startCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const cloud = await LocalCloud.start(options);
  const clients: { destroy(): void }[] = [];
  return {
    endpoint: cloud.endpoint,
    port: cloud.port,
    cloud,
    host: (region, account) => cloud.host(region, account),
    client(Client, overrides = {}) {
      const client = new Client({
        endpoint: cloud.endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        ...overrides,
      });
      clients.push(client);
      return client;
    },
    async stop() {
      for (const client of clients) client.destroy();
      await cloud.stop();
    },
  };
}
