import type { SegmentDocument } from '../../../observe/tracing';
import { allParts, type Trace } from '../traces';

export type Value = string | number | boolean;

/** What a filter looks at: a trace, or what one service did in it. */
export interface Subject {
  /** The values of a keyword: none where it has none, several where it may have. */
  values(keyword: Keyword): readonly Value[];
  annotation(key: string): readonly Value[];
  /** Nothing where this is no trace. */
  trace?: Trace;
}

/** https://docs.aws.amazon.com/xray/latest/devguide/xray-console-filters.html */
export const KEYWORDS = {
  ok: 'boolean',
  error: 'boolean',
  throttle: 'boolean',
  fault: 'boolean',
  partial: 'boolean',
  responsetime: 'number',
  duration: 'number',
  'http.status': 'number',
  'http.url': 'string',
  'http.method': 'string',
  'http.useragent': 'string',
  'http.clientip': 'string',
  user: 'string',
} as const;

export type Keyword = keyof typeof KEYWORDS;

/** What happened to the request that began it, and what was noted anywhere on its way. */
export function ofTrace(trace: Trace): Subject {
  const { end, partial, root, segments, start } = trace;
  const ofRoot = ofSegment(root);
  return {
    trace,
    values(keyword) {
      if (keyword === 'partial') return [partial];
      if (keyword === 'duration') return [end - start];
      if (keyword === 'user') return segments.flatMap(({ user }) => user ?? []);
      return ofRoot.values(keyword);
    },
    annotation: (key) => [...allParts(segments)].flatMap(({ annotations }) => annotations?.[key] ?? []),
  };
}

export function ofSegment(segment: SegmentDocument): Subject {
  const { end_time, error, fault, http, in_progress, start_time, throttle, user } = segment;
  const taken = (end_time ?? start_time) - start_time;
  const values: Record<Keyword, Value | undefined> = {
    ok: !error && !fault && !throttle,
    error: error === true,
    throttle: throttle === true,
    fault: fault === true,
    partial: in_progress === true,
    responsetime: taken,
    duration: taken,
    'http.status': http?.response?.status,
    'http.url': http?.request?.url,
    'http.method': http?.request?.method,
    'http.useragent': http?.request?.user_agent,
    'http.clientip': http?.request?.client_ip,
    user,
  };
  return {
    values(keyword) {
      const value = values[keyword];
      return value === undefined ? [] : [value];
    },
    annotation: () => [],
  };
}
