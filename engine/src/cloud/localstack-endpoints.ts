import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody } from '../gateway/body';
import { services } from '../services/registry';
import { type Conventions, STAGES } from './conventions';

/** LocalStack's release whose conventions these endpoints keep. */
const LOCALSTACK_VERSION = '4.14.0';
const BODY_LIMIT = 64 * 1024;

export interface LifeCycle {
  stop(): void;
  /** Left out where nobody is there to start the engine again. */
  restart?(): void;
}

/**
 * What LocalStack says of itself at `/_localstack/*`.
 * https://docs.localstack.cloud/aws/capabilities/networking/internal-endpoints/
 */
export class LocalStackEndpoints {
  /** What others put into the health report. */
  #state: Record<string, unknown> = {};

  constructor(
    readonly conventions: Conventions,
    readonly lifeCycle: LifeCycle,
  ) {}

  async handle(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
    const [, , page = '', stage] = path.replace(/\/$/, '').split('/');
    switch (`${method} ${page}`) {
      case 'POST health':
        return this.#act(request, response);
      case 'PUT health':
        return this.#put(request, response);
    }
    const answer = method === 'GET' ? this.#page(page, stage) : undefined;
    json(response, answer ?? { message: `No such page: ${path}` }, answer ? 200 : 404);
  }

  #page(page: string, stage: string | undefined): object | undefined {
    switch (page) {
      case 'health':
        return { ...this.#state, ...this.#health() };
      case 'info':
        return this.#info();
      case 'init':
        return this.#init(stage);
      case 'diagnose':
        // As LocalStack: only with DEBUG.
        return this.conventions.debug ? this.#diagnose() : undefined;
      default:
        return undefined;
    }
  }

  #health(): object {
    const { services: enabled } = this.conventions;
    const state = (name: string) =>
      !enabled || [...enabled].some((one) => one === name) ? 'running' : 'disabled';
    return {
      services: Object.fromEntries(Object.keys(services).map((name) => [name, state(name)])),
      edition: 'tierkit',
      version: LOCALSTACK_VERSION,
    };
  }

  #info(): object {
    return {
      version: LOCALSTACK_VERSION,
      edition: 'tierkit',
      is_license_activated: false,
      session_id: String(process.pid),
      machine_id: 'tierkit',
      system: process.platform,
      is_docker: this.conventions.inContainer,
      server_time_utc: new Date().toISOString(),
      uptime: Math.floor(process.uptime()),
    };
  }

  #diagnose(): object {
    return {
      version: { 'localstack-version': LOCALSTACK_VERSION, node: process.version },
      info: this.#info(),
      ...this.#health(),
      config: this.conventions.configuration,
      usage: { rss: process.memoryUsage.rss() },
    };
  }

  #init(name: string | undefined): object | undefined {
    const report = this.conventions.init();
    if (name === undefined) return report;
    const stage = STAGES.find((one) => one === name.toUpperCase());
    if (!stage) return undefined;
    return {
      completed: report.completed[stage],
      scripts: report.scripts.filter((script) => script.stage === stage),
    };
  }

  /** `{"action": "restart"}` and `{"action": "kill"}`. */
  async #act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A page in a browser must not end the engine: browsers say where a page comes from, command lines do not.
    if (request.headers.origin !== undefined) {
      text(response, 'Forbidden', 403);
      return;
    }
    const { action } = (await bodyOf(request)) ?? {};
    const work = new Map<unknown, (() => void) | undefined>([
      ['restart', this.lifeCycle.restart],
      ['kill', this.lifeCycle.stop],
    ]);
    const chosen = work.get(action);
    if (chosen) {
      response.once('close', () => chosen());
      text(response, 'ok');
    } else if (work.has(action)) {
      text(response, 'Nobody is here to start this engine again: stop it and start it.', 501);
    } else text(response, 'invalid request', 400);
  }

  /** Puts members into the health report; `a:b` is member b of a. */
  async #put(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    if (!body) {
      text(response, 'invalid request', 400);
      return;
    }
    for (const [name, value] of Object.entries(body)) {
      const [last = '', ...outer] = name.split(':').reverse();
      const nested = outer.reduce<Record<string, unknown>>((inner, key) => ({ [key]: inner }), {
        [last]: value,
      });
      this.#state = merged(this.#state, nested);
    }
    json(response, { status: 'OK' });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(into: Record<string, unknown>, from: Record<string, unknown>): Record<string, unknown> {
  const result = { ...into };
  for (const [name, value] of Object.entries(from)) {
    const known = Object.hasOwn(into, name) ? into[name] : undefined;
    result[name] = isObject(known) && isObject(value) ? merged(known, value) : value;
  }
  return result;
}

/** Undefined for what is no JSON object. */
async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse((await readBody(request, BODY_LIMIT)).toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function text(response: ServerResponse, body: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}
