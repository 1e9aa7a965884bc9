import { invalidRequest } from './errors';

interface Range {
  /** Milliseconds, both inclusive. */
  start: number;
  end: number;
}

export function rangeOf(
  input: { StartTime?: Date | undefined; EndTime?: Date | undefined },
  hours: number,
): Range {
  const [start, end] = [Number(input.StartTime), Number(input.EndTime)];
  if (start > end) throw invalidRequest('StartTime must be before EndTime');
  if (end - start > hours * 3600_000) throw invalidRequest(`Time range cannot be longer than ${hours} hours`);
  return { start, end };
}

/** When a trace began, as its id says it, in milliseconds. */
export const beginOf = (traceId: string): number => Number.parseInt(traceId.slice(2, 10), 16) * 1000;

/** What the ids of traces begin with that began in the second of `millis`: they are in the order of time. */
export const idsAt = (millis: number): string =>
  `1-${Math.max(0, Math.floor(millis / 1000))
    .toString(16)
    .padStart(8, '0')}`;

/** Seconds, to the microsecond, as documents have them. */
export const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
