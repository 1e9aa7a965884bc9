import type { Edge, EdgeStatistics, HistogramEntry, Service } from '@aws-sdk/client-xray';
import { notImplemented, type Operation } from '../../kernel';
import { type SegmentDocument, segmentDelivery } from '../../observe/tracing';
import { callsOf } from './calls';
import { invalidToken } from './errors';
import { oldest } from './retention';
import { xrayStore } from './store';
import { serviceId } from './summary';
import { idsAt, rangeOf, round } from './times';
import { type Trace, traceOf } from './traces';

/** https://docs.aws.amazon.com/xray/latest/api/API_GetServiceGraph.html */
export const getServiceGraph: Operation<'xray', 'GetServiceGraph'> = async (input, call) => {
  if (input.GroupARN !== undefined || input.GroupName !== undefined)
    throw notImplemented('X-Ray GetServiceGraph of a group');
  if (input.NextToken !== undefined) throw invalidToken();
  const range = rangeOf(input, 6);
  await segmentDelivery(call).flush();
  const store = xrayStore(call.store);
  const graph = new Graph(call.account);
  for (const { key } of store.traces.entries({
    start: [idsAt(range.start)],
    end: [idsAt(range.end + 1000)],
  })) {
    const trace = traceOf(store, String(key[0]), oldest(call));
    if (trace) graph.add(trace);
  }
  return {
    StartTime: input.StartTime,
    EndTime: input.EndTime,
    Services: graph.services(),
    ContainsOldGroupVersions: false,
  };
};

/** https://docs.aws.amazon.com/xray/latest/api/API_GetTraceGraph.html */
export const getTraceGraph: Operation<'xray', 'GetTraceGraph'> = async (input, call) => {
  if (input.NextToken !== undefined) throw invalidToken();
  await segmentDelivery(call).flush();
  const graph = new Graph(call.account);
  const store = xrayStore(call.store);
  for (const id of new Set(input.TraceIds)) {
    const trace = traceOf(store, id, oldest(call));
    if (trace) graph.add(trace);
  }
  return { Services: graph.services() };
};

interface Member {
  id: number;
  segment: SegmentDocument;
  root: boolean;
  all: SegmentDocument[];
  edges: Map<Member, SegmentDocument[]>;
}

/** Services by name and type, and who called whom. */
class Graph {
  readonly #members = new Map<string, Member>();

  constructor(readonly account: string) {}

  add({ root, segments }: Trace): void {
    for (const segment of segments) this.#member(segment).all.push(segment);
    this.#member(root).root = true;
    for (const { from, to } of callsOf(segments)) {
      const { edges } = this.#member(from);
      const target = this.#member(to);
      const calls = edges.get(target);
      if (calls) calls.push(to);
      else edges.set(target, [to]);
    }
  }

  #member(segment: SegmentDocument): Member {
    const key = `${segment.origin} ${segment.name}`;
    let member = this.#members.get(key);
    if (!member) {
      member = { id: this.#members.size, segment, root: false, all: [], edges: new Map() };
      this.#members.set(key, member);
    }
    return member;
  }

  services(): Service[] {
    return [...this.#members.values()].map(({ id, segment, root, all, edges }) => ({
      ReferenceId: id,
      ...serviceId(segment, this.account),
      ...(root ? { Root: true } : {}),
      State: 'active',
      ...span(all),
      Edges: [...edges].map(
        ([target, calls]): Edge => ({
          ReferenceId: target.id,
          ...span(calls),
          SummaryStatistics: statistics(calls),
          ResponseTimeHistogram: histogram(calls),
          Aliases: [],
        }),
      ),
      SummaryStatistics: statistics(all),
      DurationHistogram: histogram(all),
      ResponseTimeHistogram: histogram(all),
    }));
  }
}

const taken = ({ end_time, start_time }: SegmentDocument): number => (end_time ?? start_time) - start_time;

function span(segments: readonly SegmentDocument[]): { StartTime: Date; EndTime: Date } {
  let [start, end] = [Number.POSITIVE_INFINITY, 0];
  for (const { end_time, start_time } of segments) {
    start = Math.min(start, start_time);
    end = Math.max(end, end_time ?? start_time);
  }
  return { StartTime: new Date(Math.floor(start * 1000)), EndTime: new Date(Math.ceil(end * 1000)) };
}

function statistics(segments: readonly SegmentDocument[]): EdgeStatistics {
  const count = (of: (segment: SegmentDocument) => boolean | undefined) => segments.filter(of).length;
  const throttled = count(({ throttle }) => throttle);
  const errors = count(({ error, throttle }) => error || throttle);
  const faults = count(({ fault }) => fault);
  return {
    OkCount: count(({ error, fault, throttle }) => !error && !fault && !throttle),
    ErrorStatistics: { ThrottleCount: throttled, OtherCount: errors - throttled, TotalCount: errors },
    FaultStatistics: { OtherCount: faults, TotalCount: faults },
    TotalCount: segments.length,
    TotalResponseTime: round(segments.reduce((sum, segment) => sum + taken(segment), 0)),
  };
}

/** To the millisecond, as X-Ray gives it. */
function histogram(segments: readonly SegmentDocument[]): HistogramEntry[] {
  const counts = new Map<number, number>();
  for (const segment of segments) {
    const value = Math.round(taken(segment) * 1000) / 1000;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).map(([Value, Count]) => ({ Value, Count }));
}
