import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { type Call, defineResource, whileMaking } from '../../../kernel';
import { accessLogPatches } from './access-log';
import { settingChanges, settingPatches } from './method-settings';
import {
  CANARY,
  type Canary,
  canaryOf,
  madeWith,
  STAGE_SETTINGS,
  type StageSettings,
} from './stage-settings';
import { bool, gone, remove, replace, retag, tagMap } from './values';

interface StageCanary extends Canary {
  DeploymentId?: string;
}

interface Properties extends StageSettings {
  RestApiId: string;
  StageName: string;
  DeploymentId: string;
  ClientCertificateId?: string;
  DocumentationVersion?: string;
  CanarySetting?: StageCanary;
  Tags?: { Key: string; Value: string }[];
}

export const stage = defineResource<Properties>({
  type: 'AWS::ApiGateway::Stage',
  properties: {
    RestApiId: true,
    StageName: true,
    DeploymentId: true,
    ClientCertificateId: true,
    DocumentationVersion: true,
    ...STAGE_SETTINGS,
    CanarySetting: { DeploymentId: true, ...CANARY },
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const { CanarySetting: canary } = properties;
    await call.invoke('apigateway', 'CreateStage', {
      restApiId: properties.RestApiId,
      stageName: properties.StageName,
      deploymentId: properties.DeploymentId,
      description: properties.Description,
      documentationVersion: properties.DocumentationVersion,
      ...madeWith(properties),
      canarySettings: canary && { deploymentId: canary.DeploymentId, ...canaryOf(canary) },
      tags: tagMap(context.tags, properties.Tags),
    });
    await whileMaking(properties.StageName, () =>
      patch(call, properties, [
        ...certificatePatches(undefined, properties),
        ...accessLogPatches(undefined, properties.AccessLogSetting),
        ...settingPatches(properties.MethodSettings),
      ]),
    );
    return { physicalId: properties.StageName };
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const where = { restApiId: properties.RestApiId, stageName: physicalId };
    const { methodSettings } = await call.invoke('apigateway', 'GetStage', where);
    const there = Object.keys(methodSettings ?? {});
    await patch(call, properties, [
      ...changes(previous, properties),
      ...certificatePatches(previous, properties),
      ...accessLogPatches(previous.AccessLogSetting, properties.AccessLogSetting),
      ...settingChanges(there, previous.MethodSettings, properties.MethodSettings),
      ...canaryPatches(previous.CanarySetting, properties.CanarySetting),
    ]);
    const path = `/restapis/${properties.RestApiId}/stages/${physicalId}`;
    await retag(call, path, tagMap(context.tags, properties.Tags));
    return { physicalId };
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, stageName: physicalId };
    await gone(call.invoke('apigateway', 'DeleteStage', where));
  },
});

async function patch(call: Call, properties: Properties, patchOperations: PatchOperation[]): Promise<void> {
  if (patchOperations.length === 0) return;
  const where = { restApiId: properties.RestApiId, stageName: properties.StageName };
  await call.invoke('apigateway', 'UpdateStage', { ...where, patchOperations });
}

function certificatePatches(before: Properties | undefined, after: Properties): PatchOperation[] {
  if (before?.ClientCertificateId === after.ClientCertificateId) return [];
  return [replace('/clientCertificateId', after.ClientCertificateId ?? '')];
}

function canaryPatches(before: StageCanary | undefined, after: StageCanary | undefined): PatchOperation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const at = '/canarySettings';
  // Begun anew, so that nothing of the one before stays.
  const cleared = before ? [remove(at)] : [];
  if (!after) return cleared;
  const overrides = Object.entries(after.StageVariableOverrides ?? {});
  return [
    ...cleared,
    replace(`${at}/percentTraffic`, String(after.PercentTraffic ?? 0)),
    ...(after.DeploymentId === undefined ? [] : [replace(`${at}/deploymentId`, after.DeploymentId)]),
    replace(`${at}/useStageCache`, String(bool(after.UseStageCache) ?? false)),
    ...overrides.map(([name, value]) => replace(`${at}/stageVariableOverrides/${name}`, String(value))),
  ];
}

function changes(before: Properties, after: Properties): PatchOperation[] {
  const out: PatchOperation[] = [];
  if (before.DeploymentId !== after.DeploymentId) out.push(replace('/deploymentId', after.DeploymentId));
  if (before.Description !== after.Description) out.push(replace('/description', after.Description ?? ''));
  if (before.DocumentationVersion !== after.DocumentationVersion)
    out.push(replace('/documentationVersion', after.DocumentationVersion ?? ''));
  if (bool(before.TracingEnabled) !== bool(after.TracingEnabled)) {
    out.push(replace('/tracingEnabled', String(bool(after.TracingEnabled) ?? false)));
  }
  if (bool(before.CacheClusterEnabled) !== bool(after.CacheClusterEnabled)) {
    out.push(replace('/cacheClusterEnabled', String(bool(after.CacheClusterEnabled) ?? false)));
  }
  if (after.CacheClusterSize && before.CacheClusterSize !== after.CacheClusterSize) {
    out.push(replace('/cacheClusterSize', after.CacheClusterSize));
  }
  const wanted = after.Variables ?? {};
  for (const name of Object.keys(before.Variables ?? {})) {
    if (wanted[name] === undefined) out.push(remove(`/variables/${name}`));
  }
  for (const [name, value] of Object.entries(wanted)) out.push(replace(`/variables/${name}`, String(value)));
  return out;
}
