import type { Call, Operation } from '../../../kernel';
import { badRequest, notFound } from '../errors';
import { page } from '../pages';
import { patches } from '../patch';
import { remainingOf } from './counting';
import { dayOf, dayStart, nextDay, periodStart } from './quota';
import { type UsagePlanRecord, usageCollections } from './store';
import { requirePlan } from './usage-plans';

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsage.html: 90 days at most. */
const LONGEST_RANGE_DAYS = 90;

function checkRange(startDate: string, endDate: string): string[] {
  for (const date of [startDate, endDate]) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(dayStart(date)))
      throw badRequest(`Invalid date ${date}: dates are written yyyy-MM-dd`);
  }
  if (startDate > endDate) throw badRequest('Start date must not be after end date');
  const days: string[] = [];
  for (let day = startDate; day <= endDate; day = nextDay(day)) {
    days.push(day);
    if (days.length > LONGEST_RANGE_DAYS)
      throw badRequest(`The range must not exceed ${LONGEST_RANGE_DAYS} days`);
  }
  return days;
}

/** A pair a day: requests used, and what was left of the quota at the day's end (of today: now). */
function dailyUsage(call: Call, plan: UsagePlanRecord, keyId: string, days: readonly string[]): number[][] {
  const { usage } = usageCollections(call.store);
  const now = call.clock.millis();
  return days.map((day) => {
    const seen = usage.get([plan.id, keyId, day]);
    const used = seen?.used ?? 0;
    if (!plan.quota) return [used, 0];
    const ended = nextDay(day) <= dayOf(now);
    if (ended && seen?.remaining !== undefined) return [used, seen.remaining];
    const then = ended ? dayStart(nextDay(day)) - 1 : Math.max(now, dayStart(day));
    return [used, Math.max(0, remainingOf(call.store, plan, keyId, then))];
  });
}

export const getUsage: Operation<'apigateway', 'GetUsage'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  const { startDate = '', endDate = '' } = input;
  const days = checkRange(startDate, endDate);
  const keys = [...usageCollections(call.store).planKeys.values({ prefix: plan.id })].filter(
    ({ keyId }) => input.keyId === undefined || keyId === input.keyId,
  );
  if (input.keyId !== undefined && keys.length === 0) throw notFound('Invalid API Key identifier specified');
  const { items, position } = page(keys, ({ keyId }) => keyId, input);
  return {
    usagePlanId: plan.id,
    startDate,
    endDate,
    position,
    items: Object.fromEntries(items.map(({ keyId }) => [keyId, dailyUsage(call, plan, keyId, days)])),
  };
};

/** Gives a key more, or less, of the current period. https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateUsage.html */
export const updateUsage: Operation<'apigateway', 'UpdateUsage'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  const keyId = input.keyId ?? '';
  const { extensions, planKeys } = usageCollections(call.store);
  if (!planKeys.has([plan.id, keyId])) throw notFound('Invalid API Key identifier specified');
  if (!plan.quota) throw badRequest(`Usage Plan ${plan.id} has no quota`);
  const now = call.clock.millis();
  const period = periodStart(plan.quota.period, now);
  for (const patch of patches(input.patchOperations)) {
    if (patch.op !== 'replace' || patch.path !== '/remaining')
      throw badRequest(
        `Invalid patch path  '${patch.path}' specified for op '${patch.op}'. Must be one of: [/remaining]`,
      );
    const wanted = Number(patch.value);
    if (!Number.isInteger(wanted) || wanted < 0)
      throw badRequest(`Invalid patch value '${patch.value}' specified for path '/remaining'`);
    const before = extensions.get([plan.id, keyId]);
    const extra = before?.period === period ? before.extra : 0;
    const missing = wanted - remainingOf(call.store, plan, keyId, now);
    extensions.put([plan.id, keyId], { period, extra: extra + missing });
  }
  const today = dayOf(now);
  return {
    usagePlanId: plan.id,
    startDate: today,
    endDate: today,
    items: { [keyId]: dailyUsage(call, plan, keyId, [today]) },
  };
};
