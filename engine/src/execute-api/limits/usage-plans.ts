import type { ApiStage, QuotaSettings, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import type { Host } from '../../kernel';

export interface ClientKey {
  id: string;
  name?: string | undefined;
  enabled: boolean;
}

export interface ClientPlan {
  id: string;
  apiStages?: ApiStage[] | undefined;
  quota?: QuotaSettings | undefined;
  throttle?: ThrottleSettings | undefined;
}

/** Who asks, told by an API key, and on which terms. */
export interface Client {
  key: ClientKey;
  plan: ClientPlan;
  value: string;
}

interface Place {
  account: string;
  region: string;
}

/** What the path asks of keys and plans: service apigateway attaches itself when it starts. */
export interface UsageSource {
  /** The key that has this value. */
  keyOf(place: Place, value: string): ClientKey | undefined;
  /** The plan of the key that the stage is in. */
  planOf(place: Place, keyId: string, apiId: string, stageName: string): ClientPlan | undefined;
  /** Whether the stage is in a plan at all. */
  hasPlan(place: Place, apiId: string, stageName: string): boolean;
  /** Counts a request, and says whether the quota allowed it. */
  count(place: Place, planId: string, keyId: string, millis: number): boolean;
}

export class UsagePlans {
  source: UsageSource | undefined;
}

export function usagePlans(host: Host): UsagePlans {
  return host.memo('execute-api.usage-plans', () => new UsagePlans());
}
