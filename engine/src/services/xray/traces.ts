import type { SegmentDocument } from '../../observe/tracing';
import { inferredSegments } from './inferred';
import type { XRayStore } from './store';
import { beginOf } from './times';

/** A trace as X-Ray puts it together. */
export interface Trace {
  id: string;
  /** Each with all of its parts, in the order of their beginnings; those that X-Ray makes up among them. */
  segments: SegmentDocument[];
  /** The segment of the request that began it all. */
  root: SegmentDocument;
  /** Whether something was begun of which no end is known, or belongs to what did not come. */
  partial: boolean;
  /** Seconds since 1970. */
  start: number;
  end: number;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-api-gettingdata.html#xray-api-traces */
export function traceOf(store: XRayStore, id: string, oldest: number): Trace | undefined {
  // What is too old is gone, wherever it is still kept.
  if (!store.traces.has(id) || beginOf(id) < oldest) return undefined;
  // The store holds what passed `judge`.
  const documents = [...store.segments.values({ prefix: [id] })].map(
    (text) => JSON.parse(text) as SegmentDocument,
  );
  const segments = documents.filter(({ type }) => type !== 'subsegment');
  const orphans = attach(
    segments,
    documents.filter(({ type }) => type === 'subsegment'),
  );
  // Parts of nothing that came yet are shown as what they are.
  segments.push(...orphans);
  segments.push(...inferredSegments(segments, id));
  segments.sort(byStart);
  const root = rootOf(segments);
  if (!root) return undefined;
  return {
    id,
    segments,
    root,
    partial: orphans.length > 0 || [...allParts(segments)].some(({ in_progress }) => in_progress === true),
    start: segments[0]?.start_time ?? root.start_time,
    end: segments.reduce((end, part) => Math.max(end, part.end_time ?? part.start_time), 0),
  };
}

/** Of those that begin together, what ends last is around the others. */
const byStart = (a: SegmentDocument, b: SegmentDocument): number =>
  a.start_time - b.start_time || (b.end_time ?? 0) - (a.end_time ?? 0);

/** A segment or part, and all that is in it. */
export function* allParts(segments: readonly SegmentDocument[]): Generator<SegmentDocument> {
  const waiting = [...segments];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    yield part;
    for (const below of part.subsegments ?? []) waiting.push(below);
  }
}

/** Puts what was sent apart to where it belongs; gives what belongs nowhere. */
function attach(segments: readonly SegmentDocument[], apart: readonly SegmentDocument[]): SegmentDocument[] {
  const known = new Map<string, SegmentDocument>();
  for (const part of [...allParts(segments), ...allParts(apart)]) known.set(part.id, part);
  const orphans: SegmentDocument[] = [];
  const parts = new Map<SegmentDocument, SegmentDocument[]>();
  for (const part of apart) {
    const parent = known.get(part.parent_id ?? '');
    if (!parent || isWithin(parent, part, known)) orphans.push(part);
    else if (parts.has(parent)) parts.get(parent)?.push(part);
    else parts.set(parent, [part]);
  }
  for (const [parent, list] of parts) {
    const ids = new Set(list.map(({ id }) => id));
    for (const part of list) {
      // Where it is says as much.
      delete part.parent_id;
      delete part.trace_id;
      delete part.type;
    }
    parent.subsegments = [...(parent.subsegments ?? []).filter(({ id }) => !ids.has(id)), ...list];
  }
  return orphans;
}

/** Nobody is a part of itself, whatever a document says. */
function isWithin(
  part: SegmentDocument,
  of: SegmentDocument,
  known: ReadonlyMap<string, SegmentDocument>,
): boolean {
  const seen = new Set<SegmentDocument>();
  for (let at: SegmentDocument | undefined = part; at && !seen.has(at); ) {
    if (at === of) return true;
    seen.add(at);
    at = at.parent_id === undefined ? undefined : known.get(at.parent_id);
  }
  return false;
}

function rootOf(segments: readonly SegmentDocument[]): SegmentDocument | undefined {
  const known = new Set([...allParts(segments)].map(({ id }) => id));
  return (
    segments.find(({ parent_id, type }) => type !== 'subsegment' && parent_id === undefined) ??
    segments.find(({ parent_id }) => parent_id === undefined || !known.has(parent_id)) ??
    segments[0]
  );
}
