import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { writeJson } from './json';
import type { Shape } from './model';
import { writeXmlStructure } from './xml-write';

/**
 * vnd.amazon.eventstream, as Lambda's InvokeWithResponseStream answers:
 * https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html
 */

type Headers = Record<string, string>;

/** One frame: total length, header length, CRC of both, headers, payload, CRC of all. */
export function eventFrame(headers: Headers, payload: Uint8Array): Buffer {
  const parts = Object.entries(headers).map(([name, value]) => {
    const key = Buffer.from(name, 'utf8');
    const text = Buffer.from(value, 'utf8');
    const head = Buffer.from([key.length, ...key, 7, text.length >> 8, text.length & 255]);
    return Buffer.concat([head, text]);
  });
  const header = Buffer.concat(parts);
  const frame = Buffer.alloc(16 + header.length + payload.length);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(header.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  header.copy(frame, 12);
  frame.set(payload, 12 + header.length);
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4);
  return frame;
}

function frameOf(union: Shape, event: Record<string, unknown>, xml: boolean): Buffer {
  const member = union.members.find((candidate) => event[candidate.name] !== undefined);
  if (!member) return eventFrame({ ':message-type': 'event' }, new Uint8Array());
  const { shape } = member;
  const value = event[member.name] as Record<string, unknown>;
  const failed = shape.type === 'error';
  const headers: Headers = failed
    ? { ':message-type': 'exception', ':exception-type': member.name }
    : { ':message-type': 'event', ':event-type': member.name };
  for (const inner of shape.members) {
    const entry = value[inner.name];
    if (inner.event === 'header' && entry !== undefined) headers[inner.name] = String(entry);
  }
  const payload = shape.members.find((inner) => inner.event === 'payload');
  if (payload && (payload.shape.type === 'blob' || payload.shape.type === 'string')) {
    const entry = value[payload.name] as string | Uint8Array | undefined;
    const blob = payload.shape.type === 'blob';
    if (entry !== undefined) headers[':content-type'] = blob ? 'application/octet-stream' : 'text/plain';
    return eventFrame(headers, entry === undefined ? new Uint8Array() : Buffer.from(entry));
  }
  const [inside, content] = payload ? [payload.shape, value[payload.name]] : [shape, value];
  if (inside.members.length === 0) return eventFrame(headers, new Uint8Array());
  headers[':content-type'] = xml ? 'text/xml' : 'application/json';
  const text = xml
    ? writeXmlStructure(inside.xmlName, inside, content as Record<string, unknown>)
    : JSON.stringify(writeJson(inside, content, true));
  return eventFrame(headers, Buffer.from(text, 'utf8'));
}

/** The frames of a stream of events; `first` comes ahead of them (awsJson's initial response). */
export function writeEvents(
  union: Shape,
  events: AsyncIterable<Record<string, unknown>> | Iterable<Record<string, unknown>>,
  xml: boolean,
  first?: Buffer,
): Readable {
  async function* frames(): AsyncGenerator<Buffer> {
    if (first) yield first;
    for await (const event of events) yield frameOf(union, event, xml);
  }
  return Readable.from(frames(), { objectMode: false });
}
