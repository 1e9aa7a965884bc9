import { AwsError } from '../../src/kernel/errors';
import {
  decode,
  encode,
  encodeError,
  loadModel,
  matchOperation,
  type OperationModel,
  type ServiceModel,
  type WireRequest,
} from '../../src/protocols';
import type { Shape } from '../../src/protocols/model';
import type { LoopClient } from './clients';
import { Random, structureOf } from './random';

/**
 * Every operation of a service there and back: the real client's request through `decode`, our `encode` through the
 * real client. What differs is a difference in wire format.
 */

const META = { requestId: '11111111-2222-3333-4444-555555555555', hostId: 'host' };

/** Inputs that the client rewrites before it sends them, or that its middleware refuses at random values. */
const SKIP: Record<string, string> = {};

/** Sets a member wherever the client would else change or refuse what was generated. */
function settle(service: string, operation: string, input: Record<string, unknown>): void {
  if (service === 's3') {
    if ('Bucket' in input) input.Bucket = 'some-bucket';
    for (const key of Object.keys(input)) {
      // Computed by the client: from the body, the key, or the stream's length.
      if (
        /^(Checksum|ContentMD5|SSECustomer|CopySourceSSECustomer|ContentLength|ExpectedBucketOwner)/.test(key)
      ) {
        delete input[key];
      }
    }
    if ('ExpectedSourceBucketOwner' in input) delete input.ExpectedSourceBucketOwner;
  }
  if (service === 'sqs' && 'QueueUrl' in input) input.QueueUrl = 'http://127.0.0.1:4566/000000000000/q';
  void operation;
}

function clean(value: unknown): unknown {
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('hex') };
  if (Array.isArray(value)) return value.map(clean);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, entry]) => name !== '$metadata' && entry !== undefined)
      .map(([name, entry]) => [name, clean(entry)]),
  );
}

async function collected(output: Record<string, unknown>): Promise<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
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

function inputOf(model: ServiceModel, operation: OperationModel, seed: string): Record<string, unknown> {
  const { input } = operation;
  if (!input) return {};
  const random = new Random(`${model.service} ${operation.name} ${seed}`);
  const bound = input.members.filter((member) => member.in !== undefined && member.in !== 'payload');
  const rest = input.members.filter((member) => !bound.includes(member));
  const value = {
    ...structureOf(input, bound, random, { ascii: true, density: 0.8 }),
    ...structureOf(input, rest, random, {}),
  };
  settle(model.service, operation.name, value);
  return value;
}

function outputOf(shape: Shape, seed: string): Record<string, unknown> {
  const random = new Random(seed);
  const bound = shape.members.filter((member) => member.in !== undefined && member.in !== 'payload');
  const rest = shape.members.filter((member) => !bound.includes(member));
  const value: Record<string, unknown> = {
    ...structureOf(shape, bound, random, { ascii: true }),
    ...structureOf(shape, rest, random, {}),
  };
  for (const member of shape.members) {
    if (member.in === 'status') value[member.name] = 200;
    if (member.eventStream && value[member.name] !== undefined) value[member.name] = [value[member.name]];
  }
  return value;
}

export async function inputDifference(client: LoopClient, model: ServiceModel, name: string, seed: string) {
  const expected = inputOf(model, model.operation(name)!, seed);
  let seen: WireRequest | undefined;
  client.answer = (request) => {
    seen = request;
    throw new Error('enough');
  };
  const failure = await client.call(name, expected).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!seen) throw new Error(`${name}: the client did not send: ${String(failure)}`);
  const operation = matchOperation(model, seen);
  if (operation?.name !== name) {
    throw new Error(`${name}: matched ${operation?.name} (${seen.method} ${seen.path}?${seen.query})`);
  }
  const actual = decode(model, operation, seen);
  for (const member of operation.input?.members ?? []) {
    // Filled in by the client.
    if (member.token && expected[member.name] === undefined) delete actual[member.name];
  }
  return { actual: clean(actual), expected: clean(expected) };
}

export async function outputDifference(client: LoopClient, model: ServiceModel, name: string, seed: string) {
  const operation = model.operation(name)!;
  const expected = operation.output ? outputOf(operation.output, `${model.service} ${name} ${seed}`) : {};
  client.answer = (request) => {
    const matched = matchOperation(model, request);
    if (matched?.name !== name) throw new Error(`${name}: matched ${matched?.name}`);
    return encode(model, matched, expected, META);
  };
  const output = await client.call(name, inputOf(model, operation, seed));
  return { actual: clean(await collected(output)), expected: clean(expected) };
}

export async function errorNames(client: LoopClient, model: ServiceModel, name: string) {
  const operation = model.operation(name)!;
  const input = inputOf(model, operation, 'errors');
  const names: [expected: string, actual: string, message: string][] = [];
  for (const error of operation.errors) {
    client.answer = (request) =>
      encodeError(model, matchOperation(model, request), new AwsError(error, 'what went wrong'), META);
    const thrown = await client.call(name, input).then(
      () => new Error('nothing was thrown'),
      (reason: Error) => reason,
    );
    names.push([error, thrown.name, thrown.message]);
  }
  return names;
}

export function operationsOf(service: string): string[] {
  return loadModel(service).operationNames.filter((name) => SKIP[`${service} ${name}`] === undefined);
}
