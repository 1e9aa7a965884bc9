import { decodeBase64, encodeBase64 } from './base64';
import { Malformed } from './malformed';
import type { Shape } from './model';
import {
  formatTimestamp,
  fractionOf,
  parseTimestamp,
  type TimestampFormat,
  timestampFormat,
} from './timestamps';

/** Scalars where the wire has text only: XML, query strings, headers, labels. */
export function readScalar(shape: Shape, text: string): unknown {
  switch (shape.type) {
    case 'string':
      return text;
    case 'boolean':
      // Query services take any case, as Java's parser does.
      if (/^true$/i.test(text)) return true;
      if (/^false$/i.test(text)) return false;
      throw new Malformed(`Invalid value '${text}' for boolean.`);
    case 'integer':
    case 'long':
      return readInteger(shape.type, text);
    case 'double':
    case 'bigInteger':
    case 'bigDecimal': {
      const number = Number(text);
      if (text.trim() === '' || (Number.isNaN(number) && text !== 'NaN')) {
        throw new Malformed(`Invalid value '${text}' for number.`);
      }
      return number;
    }
    case 'blob':
      return decodeBase64(text.replace(/\s+/g, ''));
    case 'document':
      throw new Malformed('A document cannot be text.');
    default:
      if (shape.type.startsWith('timestamp')) return parseTimestamp(text);
      throw new Malformed(`Unexpected text for ${shape.type}`);
  }
}

function readInteger(type: string, text: string): number {
  const trimmed = text.trim();
  const number = Number(trimmed);
  const limit = type === 'integer' ? 2 ** 31 : 2 ** 63;
  if (!/^[+-]?\d+$/.test(trimmed) || number >= limit || number < -limit) {
    throw new Malformed(`Invalid value '${text}' for integer.`);
  }
  return number;
}

export function writeScalar(shape: Shape, value: unknown, usual: TimestampFormat): string {
  if (shape.type === 'blob') return encodeBase64(value);
  if (shape.type.startsWith('timestamp')) {
    const date = value instanceof Date ? value : new Date(Number(value) * 1000);
    return formatTimestamp(date, timestampFormat(shape, usual), fractionOf(shape.model.service));
  }
  return String(value);
}
