import type { UsagePlanKey } from '@aws-sdk/client-api-gateway';
import type { Call, Operation } from '../../../kernel';
import { badRequest, conflict, notFound } from '../errors';
import { page } from '../pages';
import { requireKey } from './api-keys';
import { type ApiKeyRecord, usageCollections } from './store';
import { requirePlan } from './usage-plans';

const shown = ({ id, name, value }: ApiKeyRecord): UsagePlanKey => ({ id, name, type: 'API_KEY', value });

/**
 * Puts a key into a plan. A key may be in several plans, but in one only of any stage, as otherwise nobody could say
 * which plan a request counts for.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
 */
export const createUsagePlanKey: Operation<'apigateway', 'CreateUsagePlanKey'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  if (input.keyType !== 'API_KEY') throw badRequest('Invalid key type specified. Must be one of: [API_KEY]');
  const key = requireKey(call, input.keyId);
  const { planKeys, plansOfKey, plans } = usageCollections(call.store);
  if (planKeys.has([plan.id, key.id])) throw conflict('Usage Plan Key already exists');
  const stages = new Set((plan.apiStages ?? []).map(({ apiId, stage }) => `${apiId}:${stage}`));
  for (const otherId of plansOfKey.values({ prefix: key.id })) {
    const shared = plans.get(otherId)?.apiStages?.find(({ apiId, stage }) => stages.has(`${apiId}:${stage}`));
    if (shared) {
      throw conflict(
        `API Key ${key.id} is already associated with Usage Plan ${otherId} for API Stage ${shared.apiId}:${shared.stage}`,
      );
    }
  }
  call.store.transaction(() => {
    planKeys.put([plan.id, key.id], { planId: plan.id, keyId: key.id, since: call.clock.millis() });
    plansOfKey.put([key.id, plan.id], plan.id);
  });
  return shown(key);
};

function requirePlanKey(call: Call, planId: string | undefined, keyId: string | undefined): ApiKeyRecord {
  const plan = requirePlan(call, planId);
  if (!usageCollections(call.store).planKeys.has([plan.id, keyId ?? '']))
    throw notFound(`Usage Plan ${plan.id} has no key ${keyId}`);
  return requireKey(call, keyId);
}

export const getUsagePlanKey: Operation<'apigateway', 'GetUsagePlanKey'> = (input, call) =>
  shown(requirePlanKey(call, input.usagePlanId, input.keyId));

export const getUsagePlanKeys: Operation<'apigateway', 'GetUsagePlanKeys'> = (input, call) => {
  const plan = requirePlan(call, input.usagePlanId);
  const all = [...usageCollections(call.store).planKeys.values({ prefix: plan.id })]
    .map(({ keyId }) => requireKey(call, keyId))
    .filter(({ name }) => input.nameQuery === undefined || name?.startsWith(input.nameQuery));
  const { items, position } = page(all, ({ id }) => id, input);
  // Lists show no values: https://docs.aws.amazon.com/apigateway/latest/api/API_GetUsagePlanKeys.html
  return { items: items.map(({ id, name }) => ({ id, name, type: 'API_KEY' })), position };
};

export const deleteUsagePlanKey: Operation<'apigateway', 'DeleteUsagePlanKey'> = (input, call) => {
  const { id } = requirePlanKey(call, input.usagePlanId, input.keyId);
  const { planKeys, plansOfKey } = usageCollections(call.store);
  call.store.transaction(() => {
    planKeys.remove([input.usagePlanId ?? '', id]);
    plansOfKey.remove([id, input.usagePlanId ?? '']);
  });
  return {};
};
