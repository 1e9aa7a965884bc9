import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pendingLogs } from '../observe/pending-logs';
import { access } from './access';
import type { Conventions } from './conventions';
import { explained, refusals } from './explain';
import { failures } from './failures';
import type { LocalCloud } from './local-cloud';
import { json, type LifeCycle, LocalStackEndpoints } from './localstack-endpoints';
import { urls } from './urls';

/** What the engine says of itself: LocalStack's `/_localstack/*`, and `/_tierkit/*` for the CLI. */
export class InternalEndpoints {
  readonly #localstack: LocalStackEndpoints;

  constructor(
    readonly cloud: LocalCloud,
    readonly lifeCycle: LifeCycle,
    conventions: Conventions,
  ) {
    this.#localstack = new LocalStackEndpoints(conventions, lifeCycle);
  }

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (path.startsWith('/_localstack')) return this.#localstack.handle(path, request, response);
    const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${path.replace(/\/$/, '')}`;
    switch (route) {
      case 'GET /_tierkit/status':
        return json(response, {
          pid: process.pid,
          port: this.cloud.port,
          endpoint: this.cloud.endpoint,
          stateDirectory: this.cloud.folder.path,
          ephemeral: this.cloud.folder.ephemeral,
          uptimeSeconds: Math.floor(process.uptime()),
          memoryBytes: process.memoryUsage.rss(),
        });
      case 'GET /_tierkit/urls':
        return json(response, await urls(this.cloud, request.headers.host));
      case 'GET /_tierkit/failures':
        return json(response, await failures(this.cloud, Number(query(request).get('since') ?? 0)));
      case 'GET /_tierkit/explain': {
        const id = query(request).get('id');
        await this.#settled();
        return json(response, id === null ? refusals(this.cloud) : explained(this.cloud, id));
      }
      case 'GET /_tierkit/access':
        await this.#settled();
        return json(response, await access(this.cloud, query(request).get('role') ?? undefined));
      case 'POST /_tierkit/access/forget':
        if (!isOurs(request)) return json(response, { message: 'Forbidden' }, 403);
        await this.#settled();
        this.cloud.decisions.uses.forget();
        return json(response, { forgotten: true });
      case 'GET /_tierkit/ca.pem': {
        // What clients outside this machine need to trust the databases' certificates.
        const { caReady, caFile } = this.cloud.parts.addresses;
        await caReady();
        response.writeHead(200, { 'content-type': 'application/x-pem-file' }).end(readFileSync(caFile));
        return;
      }
      case 'GET /_tierkit/logs':
        return this.#logs(request, response);
      case 'POST /_tierkit/stop':
        if (!isOurs(request)) return json(response, { message: 'Forbidden' }, 403);
        response.once('close', () => this.lifeCycle.stop());
        return json(response, { stopping: true });
      default:
        return json(response, { message: `No such page: ${path}` }, 404);
    }
  }

  /** Resolves when the log lines of functions, which are written a moment after them as their roles, are decided on. */
  #settled(): Promise<void> {
    return pendingLogs(this.cloud.host()).flush();
  }

  /** The latest events as JSON lines; with `?follow` the connection stays and brings the next ones as they come. */
  #logs(request: IncomingMessage, response: ServerResponse): void {
    const follow = (request.url ?? '').includes('follow');
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    for (const event of this.cloud.events.recent()) response.write(`${JSON.stringify(event)}\n`);
    if (!follow) {
      response.end();
      return;
    }
    const end = this.cloud.events.subscribe((event) => response.write(`${JSON.stringify(event)}\n`));
    response.once('close', end);
  }
}

/** A page in a browser cannot send this header without asking first, and it is never allowed. */
const isOurs = (request: IncomingMessage): boolean => request.headers['x-tierkit'] === 'cli';

function query(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://engine').searchParams;
}
