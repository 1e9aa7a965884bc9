import type { ApiStage, QuotaSettings, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, notFound } from '../errors';
import { page } from '../pages';
import { patches } from '../patch';
import { tables } from '../store';
import { type UsagePlanRecord, usageCollections } from './store';
import { patchPlan } from './usage-plan-patch';

export function requirePlan(call: Call, id: string | undefined): UsagePlanRecord {
  const plan = usageCollections(call.store).plans.get(id ?? '');
  if (!plan) throw notFound('Invalid Usage Plan ID specified');
  return plan;
}

const LARGEST_OFFSET = { DAY: 0, WEEK: 6, MONTH: 27 };

/** https://docs.aws.amazon.com/apigateway/latest/api/API_QuotaSettings.html */
export function checkQuota({ limit, offset, period }: QuotaSettings): void {
  if (!period) throw badRequest('Usage Plan quota period must be specified');
  if ((limit ?? 0) < 1) throw badRequest('Usage Plan quota limit must be greater than 0');
  const most = LARGEST_OFFSET[period];
  if ((offset ?? 0) >= 0 && (offset ?? 0) <= most) return;
  const allowed = most === 0 ? 'zero' : `between 0 and ${most} inclusive`;
  throw badRequest(`Usage Plan quota offset must be ${allowed} in the ${period} period`);
}

export function checkThrottle({ burstLimit, rateLimit }: ThrottleSettings): void {
  if ((burstLimit ?? 0) < 0 || (rateLimit ?? 0) < 0)
    throw badRequest('Usage Plan throttle limits must not be negative');
}

export function checkStage(call: Call, { apiId, stage }: ApiStage): void {
  // With AWS's placeholders: https://github.com/aws/aws-sdk/issues/354
  if (!apiId || !stage) throw badRequest('Invalid API Stage {api: %s, stage: %s} specified for usageplan %s');
  if (!tables(call).stages.has([apiId, stage])) throw notFound(`API Stage not found: ${apiId}:${stage}`);
}

export const createUsagePlan: Operation<'apigateway', 'CreateUsagePlan'> = (input, call) => {
  const name = input.name ?? '';
  if (name === '') throw badRequest('Usage Plan name cannot be blank');
  if (input.quota) checkQuota(input.quota);
  if (input.throttle) checkThrottle(input.throttle);
  for (const one of input.apiStages ?? []) {
    checkStage(call, one);
    for (const throttle of Object.values(one.throttle ?? {})) checkThrottle(throttle);
  }
  const plan: UsagePlanRecord = {
    id: call.ids.lower(6),
    name,
    description: input.description,
    apiStages: input.apiStages ?? [],
    ...(input.quota ? { quota: { offset: 0, ...input.quota } } : {}),
    ...(input.throttle ? { throttle: { burstLimit: 0, rateLimit: 0, ...input.throttle } } : {}),
    ...(input.tags && Object.keys(input.tags).length > 0 ? { tags: input.tags } : {}),
  };
  usageCollections(call.store).plans.put(plan.id, plan);
  return plan;
};

const shown = (plan: UsagePlanRecord) => ({ ...plan, tags: plan.tags ?? {} });

export const getUsagePlan: Operation<'apigateway', 'GetUsagePlan'> = (input, call) =>
  shown(requirePlan(call, input.usagePlanId));

export const getUsagePlans: Operation<'apigateway', 'GetUsagePlans'> = (input, call) => {
  const { plans, planKeys } = usageCollections(call.store);
  const chosen = [...plans.values()].filter(
    ({ id }) => input.keyId === undefined || planKeys.has([id, input.keyId]),
  );
  const { items, position } = page(chosen, ({ id }) => id, input);
  return { items: items.map(shown), position };
};

export const updateUsagePlan: Operation<'apigateway', 'UpdateUsagePlan'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  const updated = patchPlan(call, plan, patches(input.patchOperations));
  usageCollections(call.store).plans.put(plan.id, updated);
  return shown(updated);
};

export const deleteUsagePlan: Operation<'apigateway', 'DeleteUsagePlan'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  const [first] = plan.apiStages ?? [];
  if (first) {
    throw badRequest(
      `Cannot delete Usage Plan ${plan.id} because there are API Stages associated with it, including ${first.apiId}:${first.stage}`,
    );
  }
  const { plans, planKeys, plansOfKey, usage, extensions } = usageCollections(call.store);
  call.store.transaction(() => {
    for (const { keyId } of planKeys.values({ prefix: plan.id })) plansOfKey.remove([keyId, plan.id]);
    planKeys.clear({ prefix: plan.id });
    usage.clear({ prefix: plan.id });
    extensions.clear({ prefix: plan.id });
    plans.remove(plan.id);
  });
  return {};
};
