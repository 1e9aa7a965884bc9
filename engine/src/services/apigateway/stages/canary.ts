import type { CanarySettings, DeploymentCanarySettings } from '@aws-sdk/client-api-gateway';
import { badRequest } from '../errors';
import { type Patch, patchMap } from '../patch';
import type { StageRecord } from '../store';
import { checkVariables } from './stage-rules';

/**
 * A canary takes a share of a stage's requests to another deployment, with variables of its own.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
 */
export function newCanary(
  settings: CanarySettings | DeploymentCanarySettings,
  deploymentId: string,
): CanarySettings {
  const { percentTraffic = 0, stageVariableOverrides, useStageCache = false } = settings;
  checkPercent(percentTraffic);
  checkVariables(stageVariableOverrides);
  return {
    deploymentId,
    percentTraffic,
    useStageCache,
    ...(stageVariableOverrides && Object.keys(stageVariableOverrides).length > 0
      ? { stageVariableOverrides }
      : {}),
  };
}

function checkPercent(percent: number): void {
  if (!(percent >= 0 && percent <= 100))
    throw badRequest('Invalid canary percent traffic specified. Must be between 0.0 and 100.0');
}

export function checkCanaryStage(stageName: string | undefined, exists: boolean): void {
  const invalid = 'Invalid deployment content specified.';
  if (!stageName) {
    throw badRequest(
      `${invalid}Non null and non empty stageName must be provided for canary deployment. Provided value is ${stageName ?? null}`,
    );
  }
  if (!exists) {
    throw badRequest(
      `${invalid}Stage ${stageName} must already be created before making a canary release deployment`,
    );
  }
}

export interface Refusals {
  /** A path that UpdateStage does not know. */
  invalidPath(path: string): Error;
  /** Something to remove that is not there. */
  noSetting(patch: Patch): Error;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html#UpdateStage-Patch */
export function patchCanary(
  stage: StageRecord,
  patch: Patch,
  deploymentExists: (id: string) => boolean,
  refusals: Refusals,
): void {
  const [, name, variable, rest] = patch.parts;
  if (patch.op === 'remove') {
    removeOf(stage, patch, refusals);
    return;
  }
  if (rest !== undefined || (variable !== undefined && name !== 'stageVariableOverrides'))
    throw refusals.invalidPath(patch.path);
  if (patch.op === 'add' && ['deploymentId', 'percentTraffic', 'useStageCache'].includes(name ?? ''))
    throw badRequest(`Invalid add operation with path: ${patch.path}`);
  // A stage that has none begins one with its own deployment.
  const canary: CanarySettings = stage.canarySettings ?? newCanary({}, stage.deploymentId);
  const value = patch.value ?? '';
  switch (name) {
    case 'percentTraffic':
      checkPercent(value.trim() === '' ? Number.NaN : Number(value));
      stage.canarySettings = { ...canary, percentTraffic: Number(value) };
      return;
    case 'deploymentId':
      if (!deploymentExists(value)) throw badRequest('Deployment id does not exist');
      stage.canarySettings = { ...canary, deploymentId: value };
      return;
    case 'useStageCache':
      stage.canarySettings = { ...canary, useStageCache: value === 'true' };
      return;
    case 'stageVariableOverrides':
      if (variable === undefined) throw refusals.invalidPath(patch.path);
      checkVariables({ [variable]: value });
      stage.canarySettings = {
        ...canary,
        stageVariableOverrides: patchMap(canary.stageVariableOverrides, variable, value),
      };
      return;
    default:
      throw refusals.invalidPath(patch.path);
  }
}

function removeOf(stage: StageRecord, patch: Patch, { noSetting }: Refusals): void {
  const { canarySettings: canary } = stage;
  const [, name, variable] = patch.parts;
  if (!canary) throw noSetting(patch);
  if (name === undefined) {
    delete stage.canarySettings;
  } else if (name === 'stageVariableOverrides' && canary.stageVariableOverrides) {
    const { stageVariableOverrides: overrides, ...others } = canary;
    const left = variable === undefined ? undefined : patchMap(overrides, variable, undefined);
    stage.canarySettings = left ? { ...others, stageVariableOverrides: left } : others;
  } else throw noSetting(patch);
}

/**
 * Promotion: `copy` brings what the canary has into the stage.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/promote-canary-deployment.html
 */
export function copyOfCanary(stage: StageRecord, { from, path }: Patch): void {
  const canary = stage.canarySettings;
  if (from === '/canarySettings/deploymentId' && path === '/deploymentId') {
    if (!canary) throw badRequest('Promotion not available. Canary does not exist.');
    stage.deploymentId = canary.deploymentId ?? stage.deploymentId;
  } else if (from === '/canarySettings/stageVariableOverrides' && path === '/variables') {
    if (!canary) throw badRequest('Promotion not available. Canary does not exist.');
    const variables = { ...stage.variables, ...canary.stageVariableOverrides };
    stage.variables = Object.keys(variables).length > 0 ? variables : undefined;
  } else throw badRequest(`Invalid copy operation with path: ${path} and from ${from}.`);
}
