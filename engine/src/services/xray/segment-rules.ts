import type { UnprocessedTraceSegment } from '@aws-sdk/client-xray';
import type { SegmentDocument } from '../../observe/tracing';
import { KEPT_MILLIS } from './retention';
import { beginOf } from './times';

/** A document as X-Ray takes it, or why it does not. */
export type Judged =
  | { document: SegmentDocument & { trace_id: string } }
  | { refused: UnprocessedTraceSegment };

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html */
const MAX_BYTES = 65_536;
const MAX_NAME = 200;
const NAME = /^[\p{L}\p{N}\s_.:/%&#=+\\\-@]+$/u;
const ID = /^[0-9a-f]{16}$/i;
const TRACE_ID = /^1-[0-9a-f]{8}-[0-9a-f]{24}$/;

type Fields = Record<string, unknown>;

export function judge(text: string, now: number): Judged {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('segment', 'ParseError');
  }
  if (typeof value !== 'object' || value === null) return refuse('segment', 'ParseError');
  const fields = value as Fields;
  const kind = fields.type === 'subsegment' ? 'subsegment' : 'segment';
  const id = typeof fields.id === 'string' ? fields.id : undefined;
  if (Buffer.byteLength(text) > MAX_BYTES) return refuse(kind, 'SegmentSizeExceeded', id);
  const code = wrongWithAny(fields) ?? wrongApart(fields, kind, now);
  if (code) return refuse(kind, code, id);
  if (wrongWithin(fields)) return refuse('subsegment', wrongWithin(fields)!, id);
  // All that is read of it was looked at.
  return { document: value as SegmentDocument & { trace_id: string } };
}

/** In X-Ray's words: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-sendingdata.html#xray-api-segments */
function refuse(kind: 'segment' | 'subsegment', code: string, id?: string): Judged {
  const cause = kind === 'subsegment' ? ', Cause: null' : '';
  const Message = `Invalid ${kind}. ErrorCode: ${code}${cause}`;
  return { refused: { ...(id === undefined ? {} : { Id: id }), ErrorCode: code, Message } };
}

/** What holds for a segment and for each of its parts. */
function wrongWithAny({
  id,
  name,
  start_time,
  end_time,
  in_progress,
  subsegments,
}: Fields): string | undefined {
  if (id === undefined) return 'MissingId';
  if (typeof id !== 'string' || !ID.test(id)) return 'InvalidId';
  if (name === undefined) return 'MissingName';
  if (typeof name !== 'string' || name.length > MAX_NAME || !NAME.test(name)) return 'InvalidName';
  if (start_time === undefined) return 'MissingStartTime';
  if (!isTime(start_time)) return 'InvalidStartTime';
  if (in_progress !== undefined && typeof in_progress !== 'boolean') return 'InvalidInProgress';
  if (end_time === undefined) return in_progress === true ? wrongParts(subsegments) : 'MissingEndTime';
  if (!isTime(end_time) || end_time < start_time) return 'InvalidEndTime';
  return wrongParts(subsegments);
}

const wrongParts = (subsegments: unknown): string | undefined =>
  subsegments === undefined || Array.isArray(subsegments) ? undefined : 'InvalidSubsegments';

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;

/** What holds for a document: it must say where it belongs. */
function wrongApart({ trace_id, parent_id }: Fields, kind: string, now: number): string | undefined {
  if (trace_id === undefined) return 'MissingTraceId';
  if (typeof trace_id !== 'string' || !TRACE_ID.test(trace_id)) return 'InvalidTraceId';
  if (beginOf(trace_id) < now - KEPT_MILLIS) return 'InvalidTraceId';
  if (parent_id === undefined || parent_id === null) {
    return kind === 'subsegment' ? 'MissingParentId' : undefined;
  }
  return typeof parent_id === 'string' && ID.test(parent_id) ? undefined : 'InvalidParentId';
}

function wrongWithin({ subsegments }: Fields): string | undefined {
  const waiting: unknown[] = Array.isArray(subsegments) ? [...subsegments] : [];
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (typeof part !== 'object' || part === null) return 'InvalidSubsegments';
    const code = wrongWithAny(part as Fields);
    if (code) return code;
    const { subsegments: below } = part as Fields;
    if (Array.isArray(below)) for (const one of below) waiting.push(one);
  }
  return undefined;
}
