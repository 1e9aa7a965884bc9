import { AwsError } from '../../src/kernel/errors';
import {
  decode,
  encode,
  encodeError,
  loadModel,
  matchOperation,
  type OperationModel,
  type ProtocolName,
  type ServiceModel,
  type WireRequest,
} from '../../src/protocols';
import type { Shape } from '../../src/protocols/model';
import { LoopClient } from './clients';
import { Random, sample, structureOf } from './random';

/**
 * Every operation of a service there and back: the real client's request through `decode`, our `encode` through the
 * real client. What differs is a difference in wire format.
 */

// EC2 alone has 800 operations; a busy machine may take a while.
jest.setTimeout(120_000);

const META = { requestId: '11111111-2222-3333-4444-555555555555', hostId: 'host' };

type Value = Record<string, unknown>;

/** What S3's client computes by itself, from the body or the key. */
const COMPUTED =
  /^(Checksum|ContentMD5|ContentLength|SSECustomer|CopySourceSSECustomer|ChecksumMode|ExpiresString|Expires$)/;

/** Changes what the client would else change or refuse. */
function settle(service: string, value: Value): Value {
  if (service === 's3') {
    if ('Bucket' in value) value.Bucket = 'some-bucket';
    for (const key of Object.keys(value)) if (COMPUTED.test(key)) delete value[key];
  }
  if (service === 'sqs' && 'QueueUrl' in value) value.QueueUrl = 'http://127.0.0.1:4566/000000000000/q';
  return value;
}

function inputOf(operation: OperationModel, seed: string): Value {
  return operation.input ? generated(operation.input, `${operation.name} in ${seed}`) : {};
}

function outputOf(operation: OperationModel, seed: string): Value {
  const shape = operation.output;
  if (!shape) return {};
  const value = generated(shape, `${operation.name} out ${seed}`);
  for (const member of shape.members) {
    if (member.in === 'status') value[member.name] = 200;
    if (member.eventStream) {
      const random = new Random(`${operation.name} event ${seed}`);
      const { members } = member.shape;
      const event = members.find((candidate) => candidate.shape.type === 'structure')!;
      const content = structureOf(event.shape, event.shape.members, random, { density: 10 });
      value[member.name] = [{ [event.name]: content }];
    }
    if (member.as === 'content-type') value[member.name] = 'text/plain';
  }
  return value;
}

function generated(shape: Shape, seed: string): Value {
  const random = new Random(`${shape.model.service} ${seed}`);
  const bound = shape.members.filter((member) => member.in !== undefined && member.in !== 'payload');
  const rest = shape.members.filter((member) => !bound.includes(member));
  const value = {
    ...structureOf(shape, bound, random, { ascii: true }),
    ...structureOf(shape, rest, random, {}),
  };
  // An empty body and none are the same on the wire.
  if (shape.payload) value[shape.payload.name] ??= sample(shape.payload.shape, random, {});
  return settle(shape.model.service, value);
}

/** For comparison: bytes as text, nothing undefined; query strings cannot carry empty structures. */
function comparable(value: unknown, query: boolean): unknown {
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  const empty = (item: unknown): boolean =>
    typeof item === 'object' && item !== null && !(item instanceof Date) && Object.keys(item).length === 0;
  if (Array.isArray(value)) {
    return value.map((item) => comparable(item, query)).filter((item) => !query || !empty(item));
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => name !== '$metadata' && entry !== undefined && entry !== null)
      .map(([name, entry]) => [name, comparable(entry, query)] as const)
      .filter(([, entry]) => !query || !empty(entry)),
  );
}

async function collected(output: Value): Promise<Value> {
  const out: Value = {};
  for (const [name, value] of Object.entries(output)) {
    if (typeof value === 'object' && value !== null && 'transformToByteArray' in value) {
      out[name] = await (value as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
    } else if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
      const items: unknown[] = [];
      for await (const item of value as AsyncIterable<unknown>) items.push(item);
      out[name] = items;
    } else out[name] = value;
  }
  return out;
}

function matched(model: ServiceModel, name: string, request: WireRequest): OperationModel {
  const operation = matchOperation(model, request);
  if (operation?.name !== name) {
    const { method, path, query } = request;
    throw new Error(`${name}: ${method} ${path}?${query} matched ${operation?.name}`);
  }
  return operation;
}

async function checkInput(
  client: LoopClient,
  model: ServiceModel,
  name: string,
  seed: string,
): Promise<void> {
  const expected = inputOf(model.operation(name)!, seed);
  let actual: Value | undefined;
  let failure: unknown;
  client.answer = (request) => {
    try {
      const operation = matched(model, name, request);
      actual = decode(model, operation, request);
      for (const member of operation.input?.members ?? []) {
        // Filled in by the client.
        if (member.token && expected[member.name] === undefined) delete actual[member.name];
        if (model.service === 's3' && COMPUTED.test(member.name)) delete actual[member.name];
      }
    } catch (error) {
      failure = error;
    }
    return { status: 500, headers: {} };
  };
  const answer = await client.call(name, { ...expected }).catch((error: unknown) => error);
  if (failure) throw failure;
  if (!actual) throw answer;
  const query = /query/i.test(client.protocol ?? model.protocol);
  expect({ [name]: comparable(actual, query) }).toEqual({ [name]: comparable(expected, query) });
}

async function checkOutput(
  client: LoopClient,
  model: ServiceModel,
  name: string,
  seed: string,
): Promise<void> {
  const operation = model.operation(name)!;
  const expected = outputOf(operation, seed);
  client.answer = (request) => encode(model, matched(model, name, request), expected, META);
  const output = await client.call(name, inputOf(operation, seed));
  expect({ [name]: comparable(settle(model.service, await collected(output)), false) }).toEqual({
    [name]: comparable(expected, false),
  });
}

/** HEAD answers have no body, so that the client knows the status alone. */
const nameFromStatus = (operation: OperationModel): string | undefined =>
  operation.http?.method === 'HEAD' ? 'NotFound' : undefined;

/** Each error of the service by one operation at least, and one error of each operation. */
async function checkErrors(
  client: LoopClient,
  model: ServiceModel,
  name: string,
  seen: Set<string>,
): Promise<void> {
  const operation = model.operation(name)!;
  const input = inputOf(operation, 'errors');
  for (const [index, error] of operation.errors.entries()) {
    if (index > 0 && seen.has(error)) continue;
    seen.add(error);
    client.answer = (request) =>
      encodeError(model, matched(model, name, request), new AwsError(error, 'what went wrong'), META);
    const thrown = await client.call(name, input).then(
      () => new Error('nothing was thrown'),
      (reason: Error) => reason,
    );
    const code = model.error(error)?.json.query?.[0];
    const names = [error, nameFromStatus(operation), model.json.queryCompatible && code];
    expect(names).toContain(thrown.name);
    if (!nameFromStatus(operation)) expect([name, thrown.message]).toEqual([name, 'what went wrong']);
  }
}

/** A group of tests for a service; `protocol` makes the client speak another than its usual one. */
export function conforms(service: string, seeds: readonly string[], protocol?: ProtocolName): void {
  describe(protocol ? `${service} over ${protocol}` : service, () => {
    const model = loadModel(service);
    const client = new LoopClient(service, protocol);
    const each = async (check: (name: string) => Promise<void>): Promise<void> => {
      for (const name of model.operationNames) await check(name);
    };

    test('every operation: the client writes its input, decode reads it', async () => {
      for (const seed of seeds) await each((name) => checkInput(client, model, name, seed));
    });

    test('every operation: encode writes its output, the client reads it', async () => {
      for (const seed of seeds) await each((name) => checkOutput(client, model, name, seed));
    });

    test('every modelled error: the client throws it by its name', async () => {
      const seen = new Set<string>();
      await each((name) => checkErrors(client, model, name, seen));
    });
  });
}
