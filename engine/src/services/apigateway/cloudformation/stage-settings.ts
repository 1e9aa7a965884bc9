import type { CacheClusterSize } from '@aws-sdk/client-api-gateway';
import { ACCESS_LOG, type AccessLog } from './access-log';
import { METHOD_SETTINGS, type MethodSetting } from './method-settings';
import { bool, num, texts } from './values';

/** How a stage is, whether it is a resource of its own or comes with its deployment. */
export interface StageSettings {
  Description?: string;
  Variables?: Record<string, string>;
  TracingEnabled?: boolean;
  CacheClusterEnabled?: boolean;
  CacheClusterSize?: CacheClusterSize;
  AccessLogSetting?: AccessLog;
  MethodSettings?: MethodSetting[];
}

export const STAGE_SETTINGS = {
  Description: true,
  Variables: true,
  TracingEnabled: true,
  CacheClusterEnabled: true,
  CacheClusterSize: true,
  AccessLogSetting: ACCESS_LOG,
  MethodSettings: METHOD_SETTINGS,
} as const;

/** Those of the settings that a stage is made with; logs and methods' settings follow. */
export const madeWith = (settings: StageSettings | undefined) => ({
  variables: texts(settings?.Variables),
  tracingEnabled: bool(settings?.TracingEnabled),
  cacheClusterEnabled: bool(settings?.CacheClusterEnabled),
  cacheClusterSize: settings?.CacheClusterSize,
});

export interface Canary {
  PercentTraffic?: number;
  StageVariableOverrides?: Record<string, string>;
  UseStageCache?: boolean;
}

export const CANARY = { PercentTraffic: true, StageVariableOverrides: true, UseStageCache: true } as const;

export const canaryOf = (canary: Canary) => ({
  percentTraffic: num(canary.PercentTraffic),
  stageVariableOverrides: texts(canary.StageVariableOverrides),
  useStageCache: bool(canary.UseStageCache),
});
