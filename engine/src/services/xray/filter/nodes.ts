import type { SegmentDocument } from '../../../observe/tracing';
import { callsOf } from '../calls';
import { ofSegment, type Subject } from './subject';

/** Which services are meant: all, where it says nothing. */
export interface Node {
  name?: string;
  type?: string;
}

type Filter = (subject: Subject) => boolean;

const isOf = (segment: SegmentDocument, { name, type }: Node): boolean =>
  (name === undefined || segment.name === name) && (type === undefined || segment.origin === type);

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html#console-filters-complex */
export function serviceFilter(node: Node, filter: Filter): Filter {
  return ({ trace }) =>
    (trace?.segments ?? []).some((segment) => isOf(segment, node) && filter(ofSegment(segment)));
}

/** A connection is known by the calls of one service that reached the other. */
export function edgeFilter(source: Node, target: Node, filter: Filter): Filter {
  return ({ trace }) =>
    callsOf(trace?.segments ?? []).some(
      ({ from, to }) => isOf(from, source) && isOf(to, target) && filter(ofSegment(to)),
    );
}
