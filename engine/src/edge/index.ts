import type { IncomingMessage, ServerResponse } from 'node:http';
import { HeaderList } from '../execute-api/headers';
import type { Host } from '../kernel';
import { EdgeCache } from './cache';
import { type DistributionSource, type EdgeDistribution, edgeDistributions } from './distributions';
import { errorPage } from './errors';
import { isInvalidated } from './patterns';
import { DistributionPorts, type EdgeOptions } from './ports';
import { readRequest } from './read-request';
import { respond } from './respond';
import { serve } from './serve';
import type { Answer, ViewerRequest } from './viewer';

/** CloudFront's data plane: every distribution answers on a port of its own, and by name or path at the engine's. */
export class Edge {
  readonly #cache = new EdgeCache();
  readonly #known = new Map<string, EdgeDistribution>();
  readonly #ports: DistributionPorts;
  #source: DistributionSource | undefined;
  #unlisten = () => {};

  constructor(
    readonly host: Host,
    readonly options: EdgeOptions = { host: '127.0.0.1' },
  ) {
    this.#ports = new DistributionPorts(options, (id, req, res) => this.#answer(this.#find(id), req, res));
  }

  /** Opens the ports of distributions as soon as service cloudfront says which there are. */
  async start(): Promise<void> {
    this.#unlisten = await edgeDistributions(this.host).listen({
      attached: (source) => this.#attached(source),
      changed: (id) => this.#changed(id),
      invalidate: (id, paths) => {
        this.#cache.invalidate(id, (path) => paths.some((one) => isInvalidated(one, path)));
      },
    });
  }

  async stop(): Promise<void> {
    this.#unlisten();
    await this.#ports.close();
  }

  /** `http://127.0.0.1:4600`, reachable from this machine without DNS. */
  urlOf(distributionId: string): string | undefined {
    const port = this.#ports.portOf(distributionId);
    return port === undefined ? undefined : `http://127.0.0.1:${port}`;
  }

  /** The port of its own that a distribution answers on. */
  portOf(distributionId: string): number | undefined {
    return this.#ports.portOf(distributionId);
  }

  /** A request that came in at the engine's own port for a distribution, by its id or the first label of its name. */
  async handle(site: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    if (!this.#source) {
      // Its first operation attaches the service; after a restart nobody may have called it yet.
      const as = this.host.parts.identity.servicePrincipal('cloudfront.amazonaws.com', '000000000000');
      await this.host.invoke('cloudfront', 'ListDistributions', {}, { as });
    }
    const found =
      this.#find(site) ??
      [...this.#known.values()].find(({ domainName }) => domainName.split('.')[0] === site.toLowerCase());
    await this.#answer(found, req, res);
  }

  async #attached(source: DistributionSource): Promise<void> {
    this.#source = source;
    for (const distribution of source.all()) {
      this.#known.set(distribution.id, distribution);
      await this.#open(distribution.id);
    }
  }

  async #changed(id: string): Promise<void> {
    // What is kept was kept under other rules.
    this.#cache.invalidate(id);
    const distribution = this.#source?.find(id);
    if (!distribution) {
      this.#known.delete(id);
      await this.#ports.remove(id);
      this.#source?.ports.remove(id);
      return;
    }
    this.#known.set(id, distribution);
    await this.#open(id);
  }

  async #open(id: string): Promise<void> {
    const stored = this.#source?.ports.get(id);
    const port = await this.#ports.open(id, stored);
    if (port !== undefined && port !== stored) this.#source?.ports.put(id, port);
  }

  #find(id: string): EdgeDistribution | undefined {
    return this.#known.get(id);
  }

  async #answer(
    distribution: EdgeDistribution | undefined,
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const { clock, ids, parts } = this.host;
    const startedAt = clock.millis();
    const requestId = `${ids.of('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_', 54)}==`;
    const request = await readRequest(req);
    const answer =
      'status' in request
        ? errorPage(request.status, requestId, request.detail)
        : await this.#serve(distribution, request, requestId);
    const asked: Pick<ViewerRequest, 'method' | 'path'> =
      'status' in request ? { method: req.method ?? '', path: '/' } : request;
    const domainName = distribution?.domainName ?? 'cloudfront.net';
    const shown = 'status' in request ? emptyRequest(asked.method) : request;
    respond(shown, answer, res, { requestId, domainName });
    parts.events.emit({
      type: 'http',
      at: startedAt,
      requestId,
      target: distribution?.id ?? 'cloudfront',
      method: asked.method,
      path: asked.path,
      status: answer.status,
      millis: clock.millis() - startedAt,
    });
  }

  async #serve(
    distribution: EdgeDistribution | undefined,
    request: ViewerRequest,
    requestId: string,
  ): Promise<Answer> {
    if (!distribution?.enabled) {
      return errorPage(
        403,
        requestId,
        "The distribution does not exist or is disabled. We can't connect to the server for this app or website at this time.",
      );
    }
    try {
      return await serve({ host: this.host, cache: this.#cache, distribution, requestId }, request);
    } catch (error) {
      const message = `edge ${distribution.id}: ${error instanceof Error ? (error.stack ?? error.message) : error}`;
      this.host.parts.events.emit({ type: 'engine', at: this.host.clock.millis(), level: 'error', message });
      return errorPage(502, requestId);
    }
  }
}

function emptyRequest(method: string): ViewerRequest {
  // Only to decide how to write a refusal: it has no conditions and no body.
  return { method, path: '/', query: '', headers: new HeaderList(), body: Buffer.alloc(0), sourceIp: '' };
}
