import type { IncomingMessage, ServerResponse } from 'node:http';
import { services } from '../services/registry';
import { failures } from './failures';
import type { LocalCloud } from './local-cloud';
import { urls } from './urls';

/** LocalStack's release whose conventions these endpoints keep. */
const LOCALSTACK_VERSION = '4.14.0';

/** What the engine says of itself: LocalStack's `/_localstack/*`, and `/_tierkit/*` for the CLI. */
export class InternalEndpoints {
  constructor(
    readonly cloud: LocalCloud,
    readonly onStopRequested: () => void,
  ) {}

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method === 'HEAD' ? 'GET' : request.method} ${path.replace(/\/$/, '')}`;
    switch (route) {
      case 'GET /_localstack/health':
        return json(response, {
          services: Object.fromEntries(Object.keys(services).map((name) => [name, 'running'])),
          edition: 'tierkit',
          version: LOCALSTACK_VERSION,
        });
      case 'GET /_localstack/info':
        return json(response, {
          version: LOCALSTACK_VERSION,
          edition: 'tierkit',
          is_license_activated: false,
          session_id: String(process.pid),
          machine_id: 'tierkit',
          system: process.platform,
          is_docker: false,
          server_time_utc: new Date().toISOString(),
          uptime: Math.floor(process.uptime()),
        });
      case 'GET /_localstack/init':
        return json(response, {
          completed: { BOOT: true, START: true, READY: true, SHUTDOWN: false },
          scripts: [],
        });
      case 'GET /_localstack/init/boot':
      case 'GET /_localstack/init/start':
      case 'GET /_localstack/init/ready':
        return json(response, { completed: true, scripts: [] });
      case 'GET /_localstack/init/shutdown':
        return json(response, { completed: false, scripts: [] });
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
        return json(response, await urls(this.cloud));
      case 'GET /_tierkit/failures':
        return json(response, await failures(this.cloud, Number(query(request).get('since') ?? 0)));
      case 'GET /_tierkit/logs':
        return this.#logs(request, response);
      case 'POST /_tierkit/stop':
        // A page in a browser cannot send this header without asking first, and it is never allowed.
        if (request.headers['x-tierkit'] !== 'cli') return json(response, { message: 'Forbidden' }, 403);
        json(response, { stopping: true });
        response.once('close', this.onStopRequested);
        return;
      default:
        return json(response, { message: `No such page: ${path}` }, 404);
    }
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

function query(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://engine').searchParams;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
