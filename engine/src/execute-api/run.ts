import type { Host, Principal } from '../kernel';
import { parseTraceHeader, type Sampler } from '../observe/tracing';
import type { Deployed } from './deployed';
import type { ApiRequest, ApiResponse, Exchange, Stage } from './exchange';
import { Fault } from './faults';
import { faultResponse } from './gateway-response';
import { ExecutionLog, secretsIn } from './log';
import { stages } from './path';
import { tellReason, tellUnexpected } from './tell';
import { beginTrace, samplerFor } from './tracing';

type Step = [name: string, millis: number];

/** The bundle may number functions that share a name. What a stage did at once is told in the same words every time. */
const named = stages.map((stage): { stage: Stage; atOnce: Step } => ({
  stage,
  atOnce: [stage.name.replace(/\d+$/, ''), 0],
}));

export interface Ran {
  exchange: Exchange;
  response: ApiResponse;
}

/** A request that has not gone any way yet. */
export function newExchange(
  host: Host,
  deployed: Deployed,
  request: ApiRequest,
  options: { log?: boolean; testedBy?: Principal; sampler?: Sampler | undefined },
): Exchange {
  const requestId = host.ids.uuid();
  return {
    host,
    deployed,
    request,
    requestId,
    extendedRequestId: extendedRequestId(host),
    ...beginTrace(host, deployed, request, {
      sampler: options.sampler,
      tested: options.testedBy !== undefined,
    }),
    startedAt: host.clock.millis(),
    log: options.log ? new ExecutionLog(requestId, host.clock, secretsIn(request.headers)) : undefined,
    testedBy: options.testedBy,
    steps: [],
  };
}

/** Sends a request along the whole path. Whatever happens, there is a response. */
export async function run(
  host: Host,
  deployed: Deployed,
  request: ApiRequest,
  options: { fault?: Fault; log?: boolean; testedBy?: Principal } = {},
): Promise<Ran> {
  // Who has nothing to ask for does not wait.
  const sampling = options.testedBy ? undefined : samplerFor(host, deployed, request);
  const sampler = sampling && (await sampling);
  const exchange = newExchange(host, deployed, request, { ...options, sampler });
  if (exchange.log && !exchange.testedBy) began(exchange, exchange.log);
  try {
    if (options.fault) throw options.fault;
    for (const { stage, atOnce } of named) {
      const at = exchange.steps.push(atOnce) - 1;
      const pending = stage(exchange);
      // Most stages are synchronous: no turn of the event loop is spent on those.
      if (pending) {
        const waiting = host.clock.millis();
        try {
          await pending;
        } finally {
          exchange.steps[at] = [atOnce[0], host.clock.millis() - waiting];
        }
      }
      // What the cache answers goes no further.
      if (exchange.cacheStatus === 'hit') break;
    }
    if (!exchange.response) throw new Error('no stage answered');
    exchange.log?.add('Successfully completed execution');
    exchange.log?.add(`Method completed with status: ${exchange.response.status}`);
    return { exchange, response: exchange.response };
  } catch (error) {
    const fault = error instanceof Fault ? error : unexpected(host, error);
    const response = faultResponse(exchange, fault);
    if (fault.reason) tell(exchange, fault.reason);
    exchange.log?.add(`Method completed with status: ${response.status}`);
    return { exchange, response };
  }
}

/** What CloudWatch's log begins with, and a test's does not. */
function began({ deployed, extendedRequestId, trace }: Exchange, log: ExecutionLog): void {
  log.add(`Extended Request Id: ${extendedRequestId}`);
  if (deployed.stage.tracingEnabled) log.add(`X-ray Tracing ID : ${parseTraceHeader(trace)?.root}`);
}

function tell(exchange: Exchange, reason: string): void {
  const { deployed, host, log, request } = exchange;
  exchange.reason = reason;
  log?.add(reason);
  if (exchange.testedBy) return;
  tellReason(host, `${deployed.snapshot.apiId}/${deployed.stage.stageName}`, request, reason);
}

function unexpected(host: Host, error: unknown): Fault {
  const why = tellUnexpected(host, 'execute-api', error);
  return new Fault('DEFAULT_5XX', 'Internal server error', {
    errorType: 'InternalServerErrorException',
    status: 500,
    reason: `Execution failed due to an internal error: ${why}`,
  });
}

/** `x-amz-apigw-id`: 15 characters of base64 and an equals sign. */
function extendedRequestId(host: Host): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${host.ids.of(alphabet, 15)}=`;
}
