import { Readable } from 'node:stream';
import type { Principal, ResponseOverrides, ServiceName } from '../kernel';
import {
  decode,
  encode,
  encodeError,
  encodeQueryJson,
  loadModel,
  matchOperation,
  type OperationModel,
  unknownOperation,
  type WireResponse,
} from '../protocols';
import { asAwsError, type Dispatcher } from './dispatch';

/** A request to a service of this engine, as it would come over the wire, made by a gateway inside the process. */
export interface DoorRequest {
  service: ServiceName;
  account: string;
  region: string;
  method: string;
  /** Raw, without the query. */
  path: string;
  /** Raw, without the question mark. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Uint8Array;
  /** The request from outside that led to this one. */
  within?: string;
}

export interface DoorAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** The same door as the listener's, for those who are in the house: decode → authorise → handle → encode, no socket. */
export class Door {
  constructor(readonly dispatcher: Dispatcher) {}

  async send(request: DoorRequest, principal: Principal): Promise<DoorAnswer> {
    const { service } = request;
    const { ids } = this.dispatcher.options;
    const requestId = service === 's3' ? ids.upper(16) : ids.uuid();
    const answer = await this.#answer(request, principal, requestId);
    return { status: answer.status, headers: answer.headers, body: await bytesOf(answer) };
  }

  async #answer(request: DoorRequest, principal: Principal, requestId: string): Promise<WireResponse> {
    const { service, account, region, method, path, query, headers, body, within } = request;
    const model = loadModel(service);
    const wire = { method, path, query, headers, body };
    const overrides: ResponseOverrides = { headers: {} };
    let operation: OperationModel | undefined;
    // Services of the query protocol speak JSON too, to those who accept it.
    let json = false;
    try {
      operation = matchOperation(model, wire);
      if (!operation) throw unknownOperation(model, wire);
      json = operation.protocol === 'awsQuery' && /\bjson\b/.test(headers.accept ?? '');
      const call = {
        service,
        operation: operation.name,
        input: decode(model, operation, wire),
        principal,
        account,
        region,
        requestId,
        within,
        http: {
          method,
          url: query ? `${path}?${query}` : path,
          host: headers.host ?? '',
          headers,
          sourceIp: '127.0.0.1',
          secure: true,
        },
        response: overrides,
      };
      await this.dispatcher.options.before?.(call);
      const output = await this.dispatcher.dispatch(call);
      const meta = { requestId, hostId: requestId, ...overrides };
      return json ? encodeQueryJson(operation, output, meta) : encode(model, operation, output, meta);
    } catch (error) {
      const failure = asAwsError(error);
      if (failure !== error) this.#tell(request, error);
      if (json && operation) return encodeQueryJson(operation, failure, { requestId });
      return encodeError(model, operation, failure, {
        requestId,
        hostId: requestId,
        headers: overrides.headers,
      });
    }
  }

  #tell({ service }: DoorRequest, error: unknown): void {
    const { clock, parts } = this.dispatcher.options;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const message = `${service}: ${text}`;
    parts().events.emit({ type: 'engine', at: clock.millis(), level: 'error', message });
  }
}

async function bytesOf({ body }: WireResponse): Promise<Buffer> {
  if (!(body instanceof Readable)) return Buffer.from(body ?? '');
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
