import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Call, Host } from '../../kernel';
import type { Content } from './records';
import { type State, stateOf } from './store';

/** Up to here contents lie in the store: reading one costs a look-up instead of opening a file. */
const SMALL = 64 * 1024;

/** Contents that were taken in but belong to no object yet. */
export interface Received {
  content: Content;
  /** Hex. */
  md5: string;
  /** The bytes of a small content. */
  bytes?: Uint8Array;
}

/** Takes a body in. `through` sees every chunk once, in order, and may throw to refuse it. */
export async function receive(
  call: Call,
  body: Readable | Uint8Array,
  through: (chunk: Uint8Array) => void = () => {},
): Promise<Received> {
  if (body instanceof Uint8Array && body.length <= SMALL) {
    through(body);
    return small(call, body);
  }
  if (body instanceof Uint8Array) return large(call, body, through);
  const chunks: Buffer[] = [];
  let size = 0;
  const rest = body[Symbol.asyncIterator]();
  while (size <= SMALL) {
    const next = await rest.next();
    if (next.done) {
      const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      through(bytes);
      return small(call, bytes);
    }
    const chunk = Buffer.from(next.value);
    chunks.push(chunk);
    size += chunk.length;
  }
  const all = async function* () {
    yield* chunks.splice(0);
    yield* rest;
  };
  return large(call, Readable.from(all(), { objectMode: false, highWaterMark: 1 << 18 }), through);
}

function small(call: Call, bytes: Uint8Array): Received {
  const md5 = createHash('md5').update(bytes).digest('hex');
  return { content: { id: call.ids.hex(32), size: bytes.length, small: true }, md5, bytes };
}

async function large(
  call: Call,
  body: Readable | Uint8Array,
  through: (chunk: Uint8Array) => void,
): Promise<Received> {
  const blob = await call.parts.blobs.write(body, through);
  return { content: { id: blob.id, size: blob.size, small: false }, md5: blob.md5 };
}

/** Keeps what was received; to be called in the transaction that makes it part of an object. */
export function keep(state: State, received: Received): void {
  if (received.bytes) state.bodies.put(received.content.id, received.bytes);
}

/** Forgets what was received: the request failed behind it. */
export async function discard(call: Call, received: Received): Promise<void> {
  if (!received.content.small) await call.parts.blobs.remove(received.content.id);
}

/** Runs the transaction that gives what was received to an object; where it refuses, nothing is left behind. */
export async function orDiscard<T>(call: Call, received: Received, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await discard(call, received);
    throw error;
  }
}

/** Files that are being read, and whether they are to go once nobody reads them. */
interface Pin {
  readers: number;
  dead: boolean;
}

function pins(host: Host): Map<string, Pin> {
  return host.memo('s3.pins', () => new Map<string, Pin>());
}

/**
 * Removes contents that no object refers to any more, behind the transaction that dropped them.
 * A file that is being read goes when its last reader has gone.
 */
export function release(call: Call, contents: readonly Content[]): void {
  for (const { id, small: inStore } of contents) {
    if (inStore) stateOf(call).bodies.remove(id);
    else {
      const pin = pins(call).get(id);
      if (pin) pin.dead = true;
      else void call.parts.blobs.remove(id);
    }
  }
}

/** The bytes `start` to `end` (both inclusive) of contents that follow one another. */
export function read(
  call: Call,
  contents: readonly Content[],
  range?: { start: number; end: number },
): Readable | Uint8Array {
  const total = contents.reduce((sum, content) => sum + content.size, 0);
  const { start, end } = range ?? { start: 0, end: total - 1 };
  const slices: { content: Content; from: number; to: number }[] = [];
  let at = 0;
  for (const content of contents) {
    const from = Math.max(start - at, 0);
    const to = Math.min(end - at, content.size - 1);
    if (content.size > 0 && from <= to) slices.push({ content, from, to });
    at += content.size;
  }
  const [first, second] = slices;
  if (!first) return Buffer.alloc(0);
  if (!second && first.content.small) return bytesOf(call, first.content).subarray(first.from, first.to + 1);
  return pinned(call, slices);
}

function bytesOf(call: Call, content: Content): Uint8Array {
  const bytes = stateOf(call).bodies.get(content.id);
  if (!bytes) throw new Error(`contents ${content.id} are missing`);
  return bytes;
}

function pinned(call: Call, slices: { content: Content; from: number; to: number }[]): Readable {
  const held = pins(call);
  const files = slices.filter(({ content }) => !content.small).map(({ content }) => content.id);
  // Small pieces are read now: an overwrite may remove them before their turn.
  const pieces = slices.map(({ content, from, to }) =>
    content.small
      ? bytesOf(call, content).subarray(from, to + 1)
      : () => call.parts.blobs.read(content.id, { start: from, end: to }),
  );
  for (const id of files) {
    const pin = held.get(id) ?? { readers: 0, dead: false };
    pin.readers++;
    held.set(id, pin);
  }
  const all = async function* () {
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) yield piece;
      else yield* piece();
    }
  };
  const stream = Readable.from(all(), { objectMode: false, highWaterMark: 1 << 18 });
  stream.once('close', () => {
    for (const id of files) {
      const pin = held.get(id);
      if (!pin || --pin.readers > 0) continue;
      held.delete(id);
      if (pin.dead) void call.parts.blobs.remove(id);
    }
  });
  return stream;
}
