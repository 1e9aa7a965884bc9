import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { HttpContext, Principal, ResponseOverrides, ServiceName } from '../kernel';
import { type AwsError, notImplemented } from '../kernel';
import { type Events, redact } from '../observe';
import {
  decode,
  encode,
  encodeError,
  isStreamingInput,
  loadModel,
  matchOperation,
  type OperationModel,
  type ServiceModel,
  sensitiveTexts,
  unknownOperation,
  type WireRequest,
  type WireResponse,
} from '../protocols';
import { isServiceName } from '../services/registry';
import { flatHeaders, readBody } from './body';
import { type ClaimedCredentials, claimedCredentials } from './credentials';
import { asAwsError, type Dispatcher } from './dispatch';
import { identify } from './identify';
import { checkPresigned } from './presigned';
import { serviceOfUnsigned } from './unsigned';

/** The largest body that is read into memory. Streamed bodies (S3's objects) have the operation's own limits. */
const BODY_LIMIT = 70 * 1024 * 1024;

/** What stays the same while one request goes through the chain. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  headers: Record<string, string>;
  path: string;
  query: string;
  requestId: string;
  /** What was asked, once that is known. */
  input?: object;
}

export interface AwsTarget {
  service: string | undefined;
  region: string | undefined;
  /** Raw path; a virtual-hosted bucket has been put before it. */
  path: string;
}

/** The chain of an AWS API request: identify → decode → authorise → handle → encode. */
export class AwsRequests {
  constructor(
    readonly dispatcher: Dispatcher,
    readonly events: Events,
  ) {}

  async handle(target: AwsTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, ids, parts } = this.dispatcher.options;
    const started = clock.millis();
    const url = request.url ?? '/';
    const cut = url.indexOf('?');
    const query = cut < 0 ? '' : url.slice(cut + 1);
    const headers = flatHeaders(request);
    const exchange: Exchange = {
      request,
      response,
      headers,
      path: target.path,
      query,
      requestId: ids.uuid(),
    };
    let name = target.service;
    let model: ServiceModel | undefined;
    let operation: OperationModel | undefined;
    let status = 500;
    let failure: AwsError | undefined;
    const overrides: ResponseOverrides = { headers: {} };
    try {
      const claimed = claimedCredentials(headers.authorization, query);
      const buffered =
        name === 's3' ||
        (name === undefined && !headers['content-type']?.startsWith('application/x-www-form-urlencoded'))
          ? undefined
          : await readBody(request, BODY_LIMIT);
      name ??= serviceOfUnsigned(headers, buffered);
      if (!isServiceName(name)) throw notImplemented(`the service '${name}'`);
      if (name === 's3') exchange.requestId = ids.upper(16);
      model = loadModel(name);
      const wire: WireRequest = {
        method: request.method ?? 'GET',
        path: exchange.path,
        query,
        headers,
        body: buffered ?? request,
      };
      operation = matchOperation(model, wire);
      if (name === 's3' && !headers.authorization) checkPresigned(clock, query);
      const arrival = { request, model, path: exchange.path, body: buffered, region: target.region };
      const { principal, chunks } = identify(parts().identity, clock, arrival);
      if (chunks) wire.chunks = chunks;
      const answer = operation
        ? await this.#operate(name, model, operation, principal, claimed, target, exchange, wire, overrides)
        : await this.#beyond(name, principal, claimed, target, exchange, overrides);
      if (!answer) throw unknownOperation(model, wire);
      status = answer.status;
      await send(exchange, answer);
    } catch (error) {
      failure = asAwsError(error);
      if (failure !== error) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        this.events.emit({
          type: 'engine',
          at: clock.millis(),
          level: 'error',
          message: `${name ?? 'unknown'}:${operation?.name ?? '?'} ${withoutSecrets(text, operation, exchange)}`,
        });
      }
      model ??= loadModel('s3');
      const answer = encodeError(model, operation, failure, {
        requestId: exchange.requestId,
        hostId: hostId(exchange),
        headers: overrides.headers,
      });
      status = answer.status;
      await send(exchange, answer).catch(() => response.destroy());
    }
    this.events.emit({
      type: 'request',
      at: started,
      requestId: exchange.requestId,
      service: name ?? 'unknown',
      operation: operation?.name ?? 'unknown',
      status,
      millis: clock.millis() - started,
      ...(failure
        ? { error: failure.code, message: withoutSecrets(failure.message, operation, exchange) }
        : {}),
    });
  }

  async #operate(
    service: ServiceName,
    model: ServiceModel,
    operation: OperationModel,
    principal: Principal,
    claimed: ClaimedCredentials | undefined,
    target: AwsTarget,
    exchange: Exchange,
    wire: WireRequest,
    overrides: ResponseOverrides,
  ): Promise<WireResponse> {
    if (wire.body instanceof Readable && !isStreamingInput(operation)) {
      wire.body = await readBody(exchange.request, BODY_LIMIT);
    }
    const input = decode(model, operation, wire);
    exchange.input = input;
    const output = await this.#run(
      service,
      operation,
      input,
      principal,
      claimed,
      target,
      exchange,
      overrides,
    );
    return encode(model, operation, output, {
      requestId: exchange.requestId,
      hostId: hostId(exchange),
      ...overrides,
    });
  }

  /** What is no operation of the service: some answer a few of those all the same. */
  async #beyond(
    service: ServiceName,
    principal: Principal,
    claimed: ClaimedCredentials | undefined,
    target: AwsTarget,
    exchange: Exchange,
    response: ResponseOverrides,
  ): Promise<WireResponse | undefined> {
    const call = {
      service,
      operation: '',
      input: {},
      principal,
      account: principal.account,
      region: claimed?.region ?? target.region ?? 'us-east-1',
      requestId: exchange.requestId,
      http: httpContext(exchange),
      response,
    };
    const answer = await this.dispatcher.beyond(call, { path: exchange.path, body: exchange.request });
    if (!answer) return undefined;
    const ids = { 'x-amz-request-id': exchange.requestId, 'x-amz-id-2': hostId(exchange) };
    return { ...answer, headers: { ...ids, ...answer.headers } };
  }

  async #run(
    service: ServiceName,
    operation: OperationModel,
    input: object,
    principal: Principal,
    claimed: ClaimedCredentials | undefined,
    target: AwsTarget,
    exchange: Exchange,
    response: ResponseOverrides,
  ): Promise<object> {
    const call = {
      service,
      operation: operation.name,
      input,
      principal,
      account: principal.account,
      region: claimed?.region ?? target.region ?? 'us-east-1',
      requestId: exchange.requestId,
      http: httpContext(exchange),
      response,
    };
    await this.dispatcher.options.before?.(call);
    return this.dispatcher.dispatch(call);
  }
}

/** What went wrong, as it may be logged: some of AWS's messages quote what they were asked with. */
function withoutSecrets(text: string, operation: OperationModel | undefined, { input }: Exchange): string {
  return operation && input ? redact(text, sensitiveTexts(operation, input)) : text;
}

function httpContext({ request, headers }: Exchange): HttpContext {
  return {
    method: request.method ?? 'GET',
    url: request.url ?? '/',
    host: headers.host ?? '',
    headers,
    sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
    secure: 'encrypted' in request.socket,
  };
}

/** S3's second request id; other services have none. */
function hostId({ requestId }: Exchange): string {
  return Buffer.from(`tierkit-${requestId}-${requestId}`).toString('base64');
}

/** Sends the answer. What nobody read of the request is read on and dropped by Node, so that the client gets to it. */
async function send({ request, response }: Exchange, answer: WireResponse): Promise<void> {
  if (answer.body instanceof Readable) {
    response.writeHead(answer.status, answer.headers);
    await pipeline(answer.body, response).catch((error: NodeJS.ErrnoException) => {
      // Whoever has left needs nothing any more.
      if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    });
    return;
  }
  const body = answer.body === undefined ? undefined : Buffer.from(answer.body);
  const hasLength = 'content-length' in answer.headers || answer.status === 204 || answer.status === 304;
  response.writeHead(
    answer.status,
    hasLength ? answer.headers : { ...answer.headers, 'content-length': String(body?.length ?? 0) },
  );
  response.end(request.method === 'HEAD' ? undefined : body);
}
