import type { QuotaSettings } from '@aws-sdk/client-api-gateway';

const DAY_MS = 86_400_000;

/** `2026-11-22`, in UTC. */
export const dayOf = (millis: number): string => new Date(millis).toISOString().slice(0, 10);

export const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`);

export const nextDay = (day: string): string => dayOf(dayStart(day) + DAY_MS);

/**
 * The first day of the period that `millis` lies in. Periods are the calendar's, in UTC; weeks begin on Sunday.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html
 */
export function periodStart(period: QuotaSettings['period'], millis: number): string {
  const date = new Date(millis);
  if (period === 'WEEK') return dayOf(millis - date.getUTCDay() * DAY_MS);
  if (period === 'MONTH') return `${dayOf(millis).slice(0, 7)}-01`;
  return dayOf(millis);
}

/** Requests allowed in the period that begins on `start`, for a key that has been in the plan since `since`. */
export function allowance(quota: QuotaSettings, start: string, since: number): number {
  const first = periodStart(quota.period, since) === start;
  return Math.max(0, (quota.limit ?? 0) - (first ? (quota.offset ?? 0) : 0));
}
