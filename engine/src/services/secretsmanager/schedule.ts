import { type Call, isAwsError } from '../../kernel';
import { type Cron, nextStart, parseCron } from './cron';
import { CURRENT, invalidParameter, type RotationRules, type Secret, versionWith } from './store';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** When a secret is rotated next: at its beginning here, at any time in it on AWS. Milliseconds. */
export interface Window {
  start: number;
  end: number;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
export function checkRules(rules: RotationRules): RotationRules {
  const { AutomaticallyAfterDays: days, ScheduleExpression: expression, Duration: duration } = rules;
  if (days !== undefined && expression !== undefined) {
    throw invalidParameter('You cannot specify both rotation frequency and schedule expression together.');
  }
  if (duration !== undefined && hoursOf(duration) === undefined) {
    throw invalidParameter(`Invalid Duration: ${duration}. It must be between 1h and 24h.`);
  }
  if (days === undefined && expression === undefined) {
    if (duration === undefined) return { ...rules };
    throw invalidParameter(
      'You must specify a ScheduleExpression or AutomaticallyAfterDays with a Duration.',
    );
  }
  const schedule = scheduleOf(rules);
  if (!schedule) throw invalidParameter(`Invalid ScheduleExpression: ${expression}`);
  const length = duration === undefined ? undefined : hoursOf(duration);
  if (length !== undefined && length > schedule.room) {
    throw invalidParameter('The rotation window must not extend into the next rotation window or UTC day.');
  }
  return { ...rules };
}

interface Schedule {
  /** Hours there are from the beginning of a window to the next, or to the day's end. */
  room: number;
  /** Hours a window has if nothing is said. */
  usual: number;
  /** The first beginning after the last rotation. */
  next(after: number): number | undefined;
}

function scheduleOf({ AutomaticallyAfterDays: days, ScheduleExpression: text = '' }: RotationRules) {
  if (days !== undefined) return everyDays(days);
  const rate = /^rate\(\s*(\d{1,5})\s+(hours?|days?)\s*\)$/.exec(text);
  if (rate) {
    const count = Number(rate[1]);
    return rate[2]?.startsWith('day') ? everyDays(count) : everyHours(count);
  }
  const inside = /^cron\((.*)\)$/.exec(text)?.[1];
  const cron = inside === undefined ? undefined : parseCron(inside);
  return cron && byCron(cron);
}

const LONGEST_DAYS = 1000;

function everyDays(days: number): Schedule | undefined {
  if (days < 1 || days > LONGEST_DAYS) return undefined;
  const next = (after: number) => after - (after % DAY) + days * DAY;
  return { room: 24, usual: 24, next };
}

/** Windows count from midnight. */
function everyHours(hours: number): Schedule | undefined {
  if (hours < LEAST_HOURS || hours > LONGEST_DAYS * 24) return undefined;
  const next = (after: number) => {
    const midnight = after - (after % DAY);
    const every = hours * HOUR;
    return midnight + Math.floor((after - midnight) / every + 1) * every;
  };
  return { room: Math.min(hours, 24), usual: 1, next };
}

const LEAST_HOURS = 4;

function byCron(cron: Cron): Schedule | undefined {
  const gaps = cron.hours.slice(1).map((hour, index) => hour - cron.hours[index]!);
  if (gaps.some((gap) => gap < LEAST_HOURS)) return undefined;
  const rest = 24 - cron.hours.at(-1)!;
  return {
    room: Math.min(rest, ...gaps),
    usual: gaps.length > 0 ? 1 : rest,
    next: (after) => nextStart(cron, after),
  };
}

function hoursOf(duration: string): number | undefined {
  const hours = Number(/^(\d{1,2})h$/.exec(duration)?.[1]);
  return hours >= 1 && hours <= 24 ? hours : undefined;
}

/** The window after the last rotation, or after the last attempt at one. A new value by hand counts as a rotation. */
export function nextWindow(call: Pick<Call, 'store'>, secret: Secret, attempts: boolean): Window | undefined {
  const { rotation } = secret;
  if (!rotation?.enabled) return undefined;
  const schedule = scheduleSafely(rotation.rules);
  if (!schedule) return undefined;
  const current = versionWith(call, secret.name, CURRENT)?.created;
  const dates = [rotation.since, rotation.last, current, ...(attempts ? [rotation.attempted] : [])];
  const start = schedule.next(Math.max(...dates.map((date) => date?.getTime() ?? 0)));
  if (start === undefined) return undefined;
  const length = hoursOf(rotation.rules.Duration ?? '') ?? schedule.usual;
  return { start, end: start + length * HOUR };
}

/** Rules that an earlier engine kept may be none any more. */
function scheduleSafely(rules: RotationRules): Schedule | undefined {
  try {
    return scheduleOf(rules);
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

/** The latest that it happens: the last second of the window. */
export function nextRotation(call: Call, secret: Secret): Date | undefined {
  const window = nextWindow(call, secret, false);
  return window && new Date(window.end - 1000);
}
