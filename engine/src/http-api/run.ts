import { HeaderList } from '../execute-api/headers';
import { tellReason, tellUnexpected } from '../execute-api/tell';
import type { Host } from '../kernel';
import { addCors } from './cors';
import type { Deployed } from './deployed';
import type { Exchange, HttpRequest, HttpResponse } from './exchange';
import { Fault, internalError } from './faults';
import { stages } from './path';

/** Sends a request along the whole path. Whatever happens, there is a response. */
export async function run(
  host: Host,
  deployed: Deployed,
  request: HttpRequest,
  fault?: Fault,
): Promise<{ exchange: Exchange; response: HttpResponse }> {
  const exchange: Exchange = {
    host,
    deployed,
    request,
    requestId: newRequestId(host),
    trace: traceOf(host, request),
    startedAt: host.clock.millis(),
    steps: [],
  };
  const response = await answer(exchange, fault);
  addCors(exchange, response);
  return { exchange, response };
}

async function answer(exchange: Exchange, fault: Fault | undefined): Promise<HttpResponse> {
  try {
    if (fault) throw fault;
    for (const [name, stage] of stages) {
      const step: [string, number] = [name, 0];
      exchange.steps.push(step);
      const pending = stage(exchange);
      // Most stages are synchronous: no turn of the event loop is spent on those.
      if (pending) await waitFor(pending, step, exchange.host);
      if (exchange.response) return exchange.response;
    }
    throw new Error('no stage answered');
  } catch (error) {
    return faultResponse(exchange, error instanceof Fault ? error : unexpected(exchange.host, error));
  }
}

async function waitFor(pending: Promise<void>, step: [string, number], { clock }: Host): Promise<void> {
  const from = clock.millis();
  try {
    await pending;
  } finally {
    step[1] = clock.millis() - from;
  }
}

/** What HTTP APIs answer themselves: the name of the status, and no more. */
function faultResponse(exchange: Exchange, fault: Fault): HttpResponse {
  exchange.error = { message: fault.message, type: fault.message.toUpperCase().replaceAll(' ', '_') };
  if (fault.reason !== undefined) {
    const { deployed, host, request } = exchange;
    tellReason(host, `${deployed.snapshot.apiId}/${deployed.stage.StageName}`, request, fault.reason);
  }
  const headers = new HeaderList();
  headers.append('content-type', 'application/json');
  for (const [name, value] of fault.headers) headers.append(name, value);
  return { status: fault.status, headers, body: Buffer.from(JSON.stringify({ message: fault.message })) };
}

function unexpected(host: Host, error: unknown): Fault {
  return internalError(tellUnexpected(host, 'http-api', error));
}

/** `JKJaXmPLvHcESHA=` */
function newRequestId(host: Host): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${host.ids.of(alphabet, 15)}=`;
}

/** A caller's trace goes on; else a new one begins. */
function traceOf(host: Host, request: HttpRequest): string {
  const given = request.headers.get('x-amzn-trace-id');
  if (given && /Root=1-[0-9a-f]{8}-[0-9a-f]{24}/.test(given)) return given;
  return `Root=1-${Math.floor(host.clock.millis() / 1000).toString(16)}-${host.ids.hex(24)}`;
}
