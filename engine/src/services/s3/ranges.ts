import { invalidRequest, s3Error } from './errors';
import type { ObjectVersion } from './records';

export interface ByteRange {
  start: number;
  /** Inclusive. */
  end: number;
}

/** The Range header. What is no single well-formed range is ignored, as HTTP asks for and S3 does. */
export function rangeOf(object: ObjectVersion, header: string | undefined): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match) return undefined;
  const [from, to] = [match[1]!, match[2]!];
  if (from === '' && to === '') return undefined;
  const { size } = object;
  const start = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  if (start >= size || (from === '' && Number(to) === 0)) {
    throw s3Error('InvalidRange', 416, 'The requested range is not satisfiable', {
      ActualObjectSize: String(size),
      RangeRequested: header,
    });
  }
  return { start, end };
}

/** The bytes of one part of what was uploaded in parts. */
export function partRange(
  object: ObjectVersion,
  input: { PartNumber?: number | undefined; Range?: string | undefined },
): ByteRange | undefined {
  const number = input.PartNumber;
  if (number === undefined) return undefined;
  if (input.Range !== undefined) {
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  }
  const parts = object.parts ?? [{ size: object.size }];
  const part = parts[number - 1];
  if (!part) {
    throw s3Error('InvalidPartNumber', 416, 'The requested partnumber is not satisfiable', {
      ActualPartCount: String(parts.length),
      PartNumberRequested: String(number),
    });
  }
  // An empty object has one part and no bytes to give a range of.
  if (object.size === 0) return undefined;
  const start = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1 };
}
