import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packageRoot } from '../package-root';
import { Malformed } from './malformed';
import type { Shape } from './model';
import { MAX_DEPTH, setKey } from './objects';
import { epochDate } from './timestamps';

/** rpcv2Cbor: the bytes are @smithy/core's business, what the values must be is ours. */

type Codec = Pick<typeof import('@smithy/core/cbor'), 'cbor' | 'dateToTag'>;

let loaded: Codec | undefined;

/** Loaded by the first request that speaks CBOR: it costs more than the rest of the protocols together. */
function codec(): Codec {
  loaded ??= createRequire(join(packageRoot, 'package.json'))('@smithy/core/cbor') as Codec;
  return loaded;
}

export function parseCbor(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return {};
  try {
    return codec().cbor.deserialize(bytes);
  } catch {
    throw new Malformed('The request body is not valid CBOR');
  }
}

export function printCbor(value: unknown): Uint8Array {
  // The encoder reuses its buffer.
  return new Uint8Array(codec().cbor.serialize(value));
}

function expected(what: string): Malformed {
  return new Malformed(`Expected ${what}`);
}

export function readCbor(shape: Shape, value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) throw new Malformed('The request is nested too deeply');
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') throw expected('String');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw expected('Boolean');
      return value;
    case 'integer':
    case 'long': {
      const number = typeof value === 'bigint' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) throw expected('Integer');
      return number;
    }
    case 'double':
    case 'bigInteger':
    case 'bigDecimal':
      if (typeof value === 'bigint') return Number(value);
      if (typeof value !== 'number') throw expected('Double');
      return value;
    case 'blob':
      if (!(value instanceof Uint8Array)) throw expected('Blob');
      return new Uint8Array(value);
    case 'document':
      return value;
    case 'list':
      if (!Array.isArray(value)) throw expected('List');
      return value.map((item) =>
        item === null || item === undefined ? null : readCbor(shape.member.shape, item, depth + 1),
      );
    case 'map': {
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(objectOf(value))) {
        setKey(out, key, item === null ? null : readCbor(shape.value.shape, item, depth + 1));
      }
      return out;
    }
    case 'structure':
    case 'union':
    case 'error': {
      const from = objectOf(value);
      const out: Record<string, unknown> = {};
      for (const member of shape.members) {
        const entry = Object.hasOwn(from, member.name) ? from[member.name] : undefined;
        if (entry !== null && entry !== undefined)
          out[member.name] = readCbor(member.shape, entry, depth + 1);
      }
      return out;
    }
    default:
      return readTimestamp(value);
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw expected('Map');
  }
  return value as Record<string, unknown>;
}

function readTimestamp(value: unknown): Date {
  if (value instanceof Date) return value;
  const tagged = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
  if (typeof tagged !== 'number' && typeof tagged !== 'bigint') throw expected('Timestamp');
  return epochDate(Number(tagged));
}

export function writeCbor(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case 'blob':
      return typeof value === 'string' ? new Uint8Array(Buffer.from(value, 'utf8')) : value;
    case 'list':
      return (value as unknown[])
        .filter((item) => item !== null && item !== undefined)
        .map((item) => writeCbor(shape.member.shape, item));
    case 'map': {
      const out: Record<string, unknown> = {};
      for (const [key, item] of Object.entries(value as object)) {
        if (item !== null && item !== undefined) setKey(out, key, writeCbor(shape.value.shape, item));
      }
      return out;
    }
    case 'structure':
    case 'union':
    case 'error': {
      const from = value as Record<string, unknown>;
      const out: Record<string, unknown> = {};
      for (const member of shape.members) {
        const entry = from[member.name];
        if (entry !== null && entry !== undefined) out[member.name] = writeCbor(member.shape, entry);
      }
      return out;
    }
    default:
      if (shape.type.startsWith('timestamp')) return codec().dateToTag(value as Date);
      return value;
  }
}
