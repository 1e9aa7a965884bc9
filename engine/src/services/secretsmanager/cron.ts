import { notImplemented } from '../../kernel';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY = 86_400_000;
/** A 29th of February is never further away than this. */
const LONGEST = 8 * 366;

interface Bounds {
  from: number;
  to: number;
  names?: readonly string[];
}

/** The hours at which a schedule's windows begin, and on which days. */
export interface Cron {
  hours: readonly number[];
  isDay(date: Date): boolean;
}

/**
 * Undefined where the text is no schedule of Secrets Manager's: its windows begin on the hour, in any year.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html#rotate-secrets_schedule-cron
 */
export function parseCron(text: string): Cron | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [minutes, hour, ofMonth, month, ofWeek, year] = fields as [string, ...string[]];
  if (fields.length !== 6 || minutes !== '0' || year !== '*') return undefined;
  // One of the two says which days, the other that it says nothing.
  if ((ofMonth === '?') === (ofWeek === '?')) return undefined;
  if (ofMonth?.includes('W')) throw notImplemented('Secrets Manager rotation schedules with W');
  const hours = values(hour ?? '', { from: 0, to: 23 });
  const months = values(month ?? '', { from: 1, to: 12, names: MONTHS });
  const isDay = ofWeek === '?' ? dayOfMonth(ofMonth ?? '') : dayOfWeek(ofWeek ?? '');
  if (!hours || !months || !isDay) return undefined;
  return {
    hours: [...hours].sort((a, b) => a - b),
    isDay: (date) => months.has(date.getUTCMonth() + 1) && isDay(date),
  };
}

/** The first beginning of a window after `after`, in milliseconds. */
export function nextStart(cron: Cron, after: number): number | undefined {
  const midnight = after - (after % DAY);
  for (let day = 0; day <= LONGEST; day += 1) {
    const start = midnight + day * DAY;
    if (!cron.isDay(new Date(start))) continue;
    const hour = cron.hours.find((at) => start + at * 3_600_000 > after);
    if (hour !== undefined) return start + hour * 3_600_000;
  }
  return undefined;
}

function dayOfMonth(field: string): ((date: Date) => boolean) | undefined {
  if (field === 'L') return (date) => new Date(date.getTime() + DAY).getUTCDate() === 1;
  const days = values(field, { from: 1, to: 31 });
  return days && ((date) => days.has(date.getUTCDate()));
}

function dayOfWeek(field: string): ((date: Date) => boolean) | undefined {
  const bounds = { from: 1, to: 7, names: DAYS };
  const special = /^(\w+?)(?:(L)|#([1-5]))$/.exec(field);
  if (special && !DAYS.includes(field)) {
    const [, name = '', last, nth] = special;
    const day = numberOf(name, bounds);
    if (day === undefined) return undefined;
    return (date) => {
      if (date.getUTCDay() + 1 !== day) return false;
      if (last) return new Date(date.getTime() + 7 * DAY).getUTCMonth() !== date.getUTCMonth();
      return Math.ceil(date.getUTCDate() / 7) === Number(nth);
    };
  }
  const days = values(field, bounds);
  return days && ((date) => days.has(date.getUTCDay() + 1));
}

/** The values that a list of `*`, `a`, `a-b` and any of them `/step` stands for. */
function values(field: string, bounds: Bounds): Set<number> | undefined {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(?:(\*)|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(part);
    if (!match) return undefined;
    const [, all, first, last, every] = match;
    const from = all ? bounds.from : numberOf(first ?? '', bounds);
    const to = last !== undefined ? numberOf(last, bounds) : all || every ? bounds.to : from;
    const step = every === undefined ? 1 : Number(every);
    if (from === undefined || to === undefined || to < from || step < 1) return undefined;
    for (let value = from; value <= to; value += step) found.add(value);
  }
  return found;
}

function numberOf(text: string, { from, to, names }: Bounds): number | undefined {
  const named = names?.indexOf(text) ?? -1;
  if (named >= 0) return named + from;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= from && value <= to ? value : undefined;
}
