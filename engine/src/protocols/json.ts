import { decodeBase64, encodeBase64 } from './base64';
import { Malformed } from './malformed';
import type { Member, Shape } from './model';
import { MAX_DEPTH, setKey } from './objects';
import { epochDate, formatTimestamp, parseTimestamp, timestampFormat } from './timestamps';

/**
 * JSON to typed values and back. Reading is strict, with the sentences of AWS's own deserializer, which is why it
 * does not lean on the SDK's codec: a client's reader takes what it gets.
 */

type Json = unknown;

function token(value: Json): string {
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
    default:
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
  }
}

function mismatch(value: Json, java: string): Malformed {
  if (Array.isArray(value)) return new Malformed(`Unrecognized collection type class java.lang.${java}`);
  if (typeof value === 'object') return new Malformed('Start of structure or map found where not expected.');
  return new Malformed(`${token(value)} cannot be converted to ${java}`);
}

const NON_NUMBERS: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** `names`: whether the protocol renames members in JSON (restJson1 does, awsJson does not). */
export function readJson(shape: Shape, value: Json, names: boolean, depth = 0): unknown {
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') throw mismatch(value, 'String');
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw mismatch(value, 'Boolean');
      return value;
    case 'integer':
    case 'long': {
      if (typeof value !== 'number') throw mismatch(value, shape.type === 'long' ? 'Long' : 'Integer');
      if (!Number.isFinite(value)) throw new Malformed(`${token(value)} cannot be converted to Long`);
      if (shape.type === 'integer' && Math.abs(value) > 2147483648) {
        throw new Malformed(`NUMBER_VALUE cannot be converted to Integer`);
      }
      return Math.trunc(value);
    }
    case 'double':
    case 'bigInteger':
    case 'bigDecimal': {
      if (typeof value === 'string' && Object.hasOwn(NON_NUMBERS, value)) return NON_NUMBERS[value];
      if (typeof value !== 'number') throw mismatch(value, 'Double');
      if (!Number.isFinite(value)) throw new Malformed('DECIMAL_VALUE cannot be converted to Double');
      return value;
    }
    case 'blob':
      if (typeof value !== 'string') {
        if (typeof value === 'object') throw mismatch(value, 'Blob');
        throw new Malformed('only base-64-encoded strings are convertible to bytes');
      }
      return decodeBase64(value);
    case 'document':
      return value;
    case 'list':
      return readList(shape, value, names, depth + 1);
    case 'map':
      return readMap(shape, value, names, depth + 1);
    case 'structure':
    case 'union':
    case 'error':
      return readStructure(shape, shape.members, value, names, depth + 1);
    default:
      return readTimestamp(shape, value);
  }
}

function readTimestamp(shape: Shape, value: Json): Date {
  if (typeof value === 'number') return epochDate(value);
  if (typeof value !== 'string') throw mismatch(value, 'Date');
  if (timestampFormat(shape, 'epoch-seconds') === 'epoch-seconds') {
    throw new Malformed('STRING_VALUE can not be converted to milliseconds since epoch');
  }
  return parseTimestamp(value);
}

function tooDeep(depth: number): void {
  if (depth > MAX_DEPTH) throw new Malformed('The request is nested too deeply');
}

function readList(shape: Shape, value: Json, names: boolean, depth: number): unknown[] {
  if (!Array.isArray(value)) {
    if (typeof value === 'object') throw new Malformed('Start of structure or map found where not expected.');
    throw new Malformed('Unexpected field type');
  }
  tooDeep(depth);
  const item = shape.member.shape;
  const out: unknown[] = new Array(value.length);
  // A null stays one: validation refuses it where the list is not sparse.
  for (let i = 0; i < value.length; i++) {
    out[i] = value[i] === null ? null : readJson(item, value[i], names, depth);
  }
  return out;
}

function readMap(shape: Shape, value: Json, names: boolean, depth: number): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (Array.isArray(value)) throw new Malformed('Unrecognized collection type class java.util.Map');
    throw new Malformed('Unexpected field type');
  }
  tooDeep(depth);
  const item = shape.value.shape;
  const out: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    setKey(out, key, entry === null ? null : readJson(item, entry, names, depth));
  }
  return out;
}

export function readStructure(
  shape: Shape,
  members: readonly Member[],
  value: Json,
  names: boolean,
  depth: number,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    if (Array.isArray(value)) throw new Malformed(`Unrecognized collection type class ${shape.id}`);
    throw new Malformed('Unexpected value type in payload');
  }
  tooDeep(depth);
  const from = value as Record<string, Json>;
  const out: Record<string, unknown> = {};
  for (const member of members) {
    const key = names ? member.json : member.name;
    if (!Object.hasOwn(from, key)) continue;
    const entry = from[key];
    if (entry !== null && entry !== undefined) out[member.name] = readJson(member.shape, entry, names, depth);
  }
  return out;
}

/** A value as JSON.stringify can take it. Undefined members, and null ones, are left out as AWS does. */
export function writeJson(shape: Shape, value: unknown, names: boolean): Json {
  switch (shape.type) {
    case 'string':
    case 'boolean':
      return value;
    case 'integer':
    case 'long':
    case 'double':
    case 'bigInteger':
    case 'bigDecimal':
      return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
    case 'blob':
      return encodeBase64(value);
    case 'document':
      return value;
    case 'list':
      return (value as unknown[])
        .filter((item) => shape.sparse || (item !== null && item !== undefined))
        .map((item) =>
          item === null || item === undefined ? null : writeJson(shape.member.shape, item, names),
        );
    case 'map': {
      const out: Record<string, Json> = {};
      for (const [key, item] of Object.entries(value as object)) {
        if (item === null || item === undefined) {
          if (shape.sparse) setKey(out, key, null);
        } else setKey(out, key, writeJson(shape.value.shape, item, names));
      }
      return out;
    }
    case 'structure':
    case 'union':
    case 'error':
      return writeStructure(shape.members, value as Record<string, unknown>, names);
    default: {
      const format = timestampFormat(shape, 'epoch-seconds');
      const date = value instanceof Date ? value : new Date(Number(value) * 1000);
      return format === 'epoch-seconds' ? date.getTime() / 1000 : formatTimestamp(date, format, 'some');
    }
  }
}

export function writeStructure(
  members: readonly Member[],
  value: Record<string, unknown>,
  names: boolean,
): Record<string, Json> {
  const out: Record<string, Json> = {};
  for (const member of members) {
    const entry = value[member.name];
    if (entry !== undefined && entry !== null) {
      out[names ? member.json : member.name] = writeJson(member.shape, entry, names);
    }
  }
  return out;
}

/** Parses a body; what is no JSON, or no object, is refused. An empty body is an empty object. */
export function parseJson(bytes: Uint8Array): Json {
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    throw new Malformed('');
  }
}
