import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EdgeCache } from '../../engine/src/edge/cache';
import type { EdgeDistribution } from '../../engine/src/edge/distributions';
import { errorPage } from '../../engine/src/edge/errors';
import { readRequest } from '../../engine/src/edge/read-request';
import { respond } from '../../engine/src/edge/respond';
import { serve } from '../../engine/src/edge/serve';
import { HeaderList } from '../../engine/src/execute-api/headers';
import { randomIds } from '../../engine/src/kernel/ids';
import { distributionOf, type FrontSettings } from './distribution';
import { LocalStackWorld } from './world';

/**
 * Stands in for CloudFront: the embedded engine's edge, with the template's behaviours, policies and error pages,
 * in front of LocalStack's S3 and API Gateway. Plain HTTP on loopback.
 */
export class Front {
  readonly #server: Server;
  readonly #world: LocalStackWorld;
  readonly #cache = new EdgeCache();
  readonly #distribution: EdgeDistribution;

  private constructor(
    settings: FrontSettings,
    private readonly warn: (text: string) => void,
  ) {
    this.#world = new LocalStackWorld(settings.endpoint);
    this.#distribution = distributionOf(settings);
    this.#server = createServer((req, res) => {
      this.#answer(req, res).catch((error: unknown) => {
        this.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
        res.destroy();
      });
    });
  }

  /** Listens on `port` of loopback; 0 takes any that is free. */
  static async start(
    settings: FrontSettings,
    port = 0,
    warn: (text: string) => void = (text) => process.stderr.write(`${text}\n`),
  ): Promise<Front> {
    const front = new Front(settings, warn);
    await new Promise<void>((resolve, reject) => {
      front.#server.once('error', reject);
      front.#server.listen(port, '127.0.0.1', resolve);
    });
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#world.close();
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const requestId = `${randomIds.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 54)}==`;
    const request = await readRequest(req);
    const { domainName } = this.#distribution;
    if ('status' in request) {
      const nothing = {
        path: '/',
        query: '',
        headers: new HeaderList(),
        body: Buffer.alloc(0),
        sourceIp: '',
      };
      const refusal = errorPage(request.status, requestId, request.detail);
      return respond({ method: req.method ?? 'GET', ...nothing }, refusal, res, { requestId, domainName });
    }
    const visit = {
      host: this.#world.host,
      cache: this.#cache,
      distribution: this.#distribution,
      requestId,
    };
    const answer = await serve(visit, request).catch((error: unknown) => {
      this.warn(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return errorPage(502, requestId);
    });
    respond(request, answer, res, { requestId, domainName });
  }
}
