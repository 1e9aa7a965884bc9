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

/** Seconds, to the microsecond, as documents have them. */
export const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6;
