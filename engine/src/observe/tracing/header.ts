import type { Host } from '../../kernel';

/**
 * What an X-Amzn-Trace-Id header says.
 * https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
 */
export interface TraceHeader {
  root: string;
  parent?: string | undefined;
  /** Undefined where nobody decided yet. */
  sampled?: boolean | undefined;
}

const ROOT = /(?:^|[;\s])[Rr]oot=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:[;\s]|$)/;
const PARENT = /(?:^|[;\s])[Pp]arent=([0-9a-f]{16})(?:[;\s]|$)/;
const SAMPLED = /(?:^|[;\s])[Ss]ampled=([01])(?:[;\s]|$)/;

/** Undefined where there is none, or one without a trace. */
export function parseTraceHeader(text: string | undefined): TraceHeader | undefined {
  const root = text && ROOT.exec(text)?.[1];
  if (!text || !root) return undefined;
  const sampled = SAMPLED.exec(text)?.[1];
  return { root, parent: PARENT.exec(text)?.[1], ...(sampled && { sampled: sampled === '1' }) };
}

export function formatTraceHeader({ root, parent, sampled }: TraceHeader): string {
  const parts = [`Root=${root}`];
  if (parent !== undefined) parts.push(`Parent=${parent}`);
  if (sampled !== undefined) parts.push(`Sampled=${sampled ? 1 : 0}`);
  return parts.join(';');
}

export function newTraceId(host: Host): string {
  const now = Math.floor(host.clock.millis() / 1000);
  return `1-${now.toString(16).padStart(8, '0')}-${host.ids.hex(24)}`;
}

export const newSegmentId = (host: Host): string => host.ids.hex(16);
