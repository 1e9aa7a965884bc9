import type { UsageSource } from '../../../execute-api/limits/usage-plans';
import type { Store } from '../../../storage';
import { digestOf } from './api-keys';
import { countRequest } from './counting';
import { usageCollections } from './store';

/** What the request path asks of keys and plans. */
export function usageSource(storeOf: (account: string, region: string) => Store): UsageSource {
  const at = ({ account, region }: { account: string; region: string }) => storeOf(account, region);
  return {
    keyOf(place, value) {
      const { keys, keyOfValue } = usageCollections(at(place));
      return keys.get(keyOfValue.get(digestOf(value)) ?? '');
    },
    planOf(place, keyId, apiId, stageName) {
      const { plans, plansOfKey } = usageCollections(at(place));
      for (const planId of plansOfKey.values({ prefix: keyId })) {
        const plan = plans.get(planId);
        if (plan?.apiStages?.some((one) => one.apiId === apiId && one.stage === stageName)) return plan;
      }
      return undefined;
    },
    hasPlan(place, apiId, stageName) {
      for (const { apiStages } of usageCollections(at(place)).plans.values()) {
        if (apiStages?.some((one) => one.apiId === apiId && one.stage === stageName)) return true;
      }
      return false;
    },
    count(place, planId, keyId, millis) {
      const store = at(place);
      const plan = usageCollections(store).plans.get(planId);
      return plan !== undefined && countRequest(store, plan, keyId, millis);
    },
  };
}
