import type { SegmentDocument } from '../../observe/tracing';
import { allParts } from './traces';

/** One service reached another. */
export interface ServiceCall {
  from: SegmentDocument;
  to: SegmentDocument;
}

/** A segment was called by the one that its parent is, or is a part of. */
export function callsOf(segments: readonly SegmentDocument[]): ServiceCall[] {
  const owner = new Map<string, SegmentDocument>();
  for (const segment of segments) for (const { id } of allParts([segment])) owner.set(id, segment);
  return segments.flatMap((to) => {
    const from = to.parent_id === undefined ? undefined : owner.get(to.parent_id);
    return from && from !== to ? [{ from, to }] : [];
  });
}
