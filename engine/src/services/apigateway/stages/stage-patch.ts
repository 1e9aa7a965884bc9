import type { MethodSetting, PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors';
import { type Patch, patches, patchMap } from '../patch';
import type { StageRecord } from '../store';
import { patchAccessLog } from './access-log-settings';
import { copyOfCanary, patchCanary } from './canary';
import { cacheCluster } from './stage-cache';
import { checkVariables } from './stage-rules';

/** As AWS lists them, with its missing commas. */
const PATHS =
  '/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, ' +
  '/accessLogSettings/destinationArn, /accessLogSettings/format, /{resourcePath}/{httpMethod}/metrics/enabled, ' +
  '/{resourcePath}/{httpMethod}/logging/dataTrace, /{resourcePath}/{httpMethod}/logging/loglevel, ' +
  '/{resourcePath}/{httpMethod}/throttling/burstLimit/{resourcePath}/{httpMethod}/throttling/rateLimit' +
  '/{resourcePath}/{httpMethod}/caching/ttlInSeconds, /{resourcePath}/{httpMethod}/caching/enabled, ' +
  '/{resourcePath}/{httpMethod}/caching/dataEncrypted, ' +
  '/{resourcePath}/{httpMethod}/caching/requireAuthorizationForCacheControl, ' +
  '/{resourcePath}/{httpMethod}/caching/unauthorizedCacheControlHeaderStrategy, /*/*/metrics/enabled, ' +
  '/*/*/logging/dataTrace, /*/*/logging/loglevel, /*/*/throttling/burstLimit /*/*/throttling/rateLimit ' +
  '/*/*/caching/ttlInSeconds, /*/*/caching/enabled, /*/*/caching/dataEncrypted, ' +
  '/*/*/caching/requireAuthorizationForCacheControl, /*/*/caching/unauthorizedCacheControlHeaderStrategy, ' +
  '/variables/{variable_name}, /tracingEnabled';

const invalidPath = (path: string) =>
  badRequest(`Invalid method setting path: ${path}. Must be one of: [${PATHS}]`);

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
export function patchStage(
  stage: StageRecord,
  operations: readonly PatchOperation[] | undefined,
  deploymentExists: (id: string) => boolean,
): StageRecord {
  const updated = { ...stage };
  for (const patch of patches(operations)) apply(updated, patch, deploymentExists);
  return updated;
}

function apply(stage: StageRecord, patch: Patch, deploymentExists: (id: string) => boolean): void {
  const [first, second] = patch.parts;
  const setting = settingOf(patch);
  if (patch.op === 'copy') copyOfCanary(stage, patch);
  else if (patch.op === 'test' || patch.op === 'move') throw unsupported(patch);
  else if (first === 'accessLogSettings')
    stage.accessLogSettings = patchAccessLog(stage.accessLogSettings, patch, noSetting);
  else if (first === 'canarySettings')
    patchCanary(stage, patch, deploymentExists, { invalidPath, noSetting });
  else if (first === 'variables' && second !== undefined) patchVariable(stage, patch, second);
  else if (setting) patchSetting(stage, patch, setting);
  else if (patch.op === 'remove') throw noSetting(patch);
  else if (second !== undefined) throw invalidPath(patch.path);
  else patchPlain(stage, patch, deploymentExists);
}

const PLAIN = new Set(
  'deploymentId description tracingEnabled cacheClusterEnabled cacheClusterSize clientCertificateId documentationVersion'
    .split(' ')
    .map((name) => `/${name}`),
);

const unsupported = ({ op, path }: Patch) => badRequest(`Invalid ${op} operation with path: ${path}`);

function patchPlain(stage: StageRecord, patch: Patch, deploymentExists: (id: string) => boolean): void {
  if (patch.op === 'add' && PLAIN.has(patch.path)) throw unsupported(patch);
  switch (patch.parts[0]) {
    case 'deploymentId':
      if (!deploymentExists(patch.value ?? '')) throw badRequest('Deployment id does not exist');
      stage.deploymentId = patch.value ?? '';
      return;
    case 'description':
      stage.description = patch.value;
      return;
    case 'tracingEnabled':
      stage.tracingEnabled = patch.value === 'true';
      return;
    case 'cacheClusterEnabled':
      Object.assign(stage, cacheCluster({ cacheClusterEnabled: patch.value === 'true' }, stage));
      return;
    case 'cacheClusterSize':
      Object.assign(stage, cacheCluster({ cacheClusterSize: patch.value ?? '' }, stage));
      return;
    case 'clientCertificateId':
      stage.clientCertificateId = patch.value || undefined;
      return;
    case 'documentationVersion':
      stage.documentationVersion = patch.value || undefined;
      return;
    default:
      throw invalidPath(patch.path);
  }
}

function noSetting(patch: Patch): Error {
  return badRequest(
    `Cannot remove method setting ${patch.path.slice(1)} because there is no method setting for this method `,
  );
}

function patchVariable(stage: StageRecord, patch: Patch, name: string): void {
  if (patch.parts.length > 2) throw invalidPath(patch.path);
  if (patch.op !== 'remove') checkVariables({ [name]: patch.value ?? '' });
  stage.variables = patchMap(stage.variables, name, patch.op === 'remove' ? undefined : patch.value);
}

interface Setting {
  /** `*`/`*` or `path/METHOD`, the key of methodSettings. */
  key: string;
  /** e.g. `logging/loglevel`; undefined where all of the method's settings are meant. */
  name: string | undefined;
}

/** `/{resourcePath}/{httpMethod}/group/name`, the resource path with `~1` for its slashes. */
function settingOf(patch: Patch): Setting | undefined {
  const [resource = '', method, group, name, rest] = patch.parts;
  if (method === undefined || rest !== undefined) return undefined;
  const key = `${resource.replace(/^\//, '')}/${method}`;
  if (group === undefined && patch.op === 'remove') return { key, name: undefined };
  if (group === undefined || name === undefined) return undefined;
  return { key, name: `${group}/${name}` };
}

const DEFAULTS: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: 'SUCCEED_WITH_RESPONSE_HEADER',
};

/** Each setting's field and how its value reads. */
const SETTINGS: Readonly<Record<string, (value: string) => MethodSetting>> = {
  'metrics/enabled': (value) => ({ metricsEnabled: value === 'true' }),
  'logging/dataTrace': (value) => ({ dataTraceEnabled: value === 'true' }),
  'logging/loglevel': (value) => ({ loggingLevel: level(value) }),
  'throttling/burstLimit': (value) => ({ throttlingBurstLimit: wholeNumber(value) }),
  'throttling/rateLimit': (value) => ({ throttlingRateLimit: number(value) }),
  'caching/ttlInSeconds': (value) => ({ cacheTtlInSeconds: ttl(value) }),
  'caching/enabled': (value) => ({ cachingEnabled: value === 'true' }),
  'caching/dataEncrypted': (value) => ({ cacheDataEncrypted: value === 'true' }),
  'caching/requireAuthorizationForCacheControl': (value) => ({
    requireAuthorizationForCacheControl: value === 'true',
  }),
  'caching/unauthorizedCacheControlHeaderStrategy': (value) => ({
    unauthorizedCacheControlHeaderStrategy: strategy(value),
  }),
};

const invalidValue = (value: string) => badRequest(`Invalid method setting value: ${value}`);

function number(value: string): number {
  const read = Number(value);
  if (value.trim() === '' || !Number.isFinite(read)) throw invalidValue(value);
  return read;
}

function wholeNumber(value: string): number {
  const read = number(value);
  if (!Number.isInteger(read)) throw invalidValue(value);
  return read;
}

function level(value: string): string {
  if (!['OFF', 'ERROR', 'INFO'].includes(value)) throw invalidValue(value);
  return value;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
function ttl(value: string): number {
  const seconds = wholeNumber(value);
  if (seconds < 0 || seconds > 3600) throw invalidValue(value);
  return seconds;
}

const STRATEGIES = [
  'FAIL_WITH_403',
  'SUCCEED_WITH_RESPONSE_HEADER',
  'SUCCEED_WITHOUT_RESPONSE_HEADER',
] as const;

function strategy(value: string): (typeof STRATEGIES)[number] {
  const known = STRATEGIES.find((one) => one === value);
  if (!known) throw invalidValue(value);
  return known;
}

function patchSetting(stage: StageRecord, patch: Patch, setting: Setting): void {
  const settings = { ...stage.methodSettings };
  if (patch.op === 'remove') {
    // All settings of a method go together.
    if (!settings[setting.key] || setting.name !== undefined) throw noSetting(patch);
    delete settings[setting.key];
    stage.methodSettings = settings;
    return;
  }
  const read = setting.name === undefined ? undefined : SETTINGS[setting.name];
  if (!setting.name || !read) throw invalidPath(patch.path);
  if (patch.op === 'add') throw unsupported(patch);
  const value = patch.value ?? '';
  settings[setting.key] = { ...(settings[setting.key] ?? beginning(stage, setting.key)), ...read(value) };
  stage.methodSettings = settings;
}

/** A method's settings begin as those of all methods; caching is only on by itself for the methods GET. */
function beginning({ methodSettings }: StageRecord, key: string): MethodSetting {
  const all = methodSettings?.['*/*'] ?? DEFAULTS;
  return key === '*/*' || key.endsWith('/GET') ? all : { ...all, cachingEnabled: false };
}
