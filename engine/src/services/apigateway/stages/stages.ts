import { authorizerResults } from '../../../execute-api/authorizers/results';
import { deployedApis } from '../../../execute-api/deployed';
import type { Call, Operation } from '../../../kernel';
import { requireCertificate } from '../client-certificates';
import { requireVersion } from '../documentation/versions';
import { refuseMapped } from '../domains/refuse-mapped';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { wholeSeconds } from '../rest-apis/rest-apis';
import { type StageRecord, tables } from '../store';
import { requireLogRole } from './access-log-settings';
import { newCanary } from './canary';
import { cacheCluster, emptyChangedCaches } from './stage-cache';
import { patchStage } from './stage-patch';
import { checkStageName, checkVariables } from './stage-rules';

export function newStage(call: Call, stageName: string, deploymentId: string): StageRecord {
  return {
    deploymentId,
    stageName,
    ...cacheCluster({}),
    methodSettings: {},
    tracingEnabled: false,
    createdDate: wholeSeconds(call),
    lastUpdatedDate: wholeSeconds(call),
  };
}

export function requireStage(call: Call, apiId: string, name: string | undefined): StageRecord {
  const stage = tables(call).stages.get([apiId, name ?? '']);
  if (!stage) throw notFound('Invalid stage identifier specified');
  return stage;
}

export const createStage: Operation<'apigateway', 'CreateStage'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const { deployments, stages } = tables(call);
  const name = input.stageName ?? '';
  checkStageName(name);
  if (!deployments.has([id, input.deploymentId ?? ''])) throw badRequest('Deployment id does not exist');
  if (stages.has([id, name])) throw conflict('Stage already exists');
  if (input.documentationVersion) requireVersion(call, id, input.documentationVersion);
  checkVariables(input.variables);
  const canaryDeployment = input.canarySettings?.deploymentId ?? input.deploymentId ?? '';
  if (!deployments.has([id, canaryDeployment])) throw badRequest('Deployment id does not exist');
  const stage: StageRecord = {
    ...newStage(call, name, input.deploymentId ?? ''),
    ...cacheCluster(input),
    ...(input.canarySettings ? { canarySettings: newCanary(input.canarySettings, canaryDeployment) } : {}),
    description: input.description,
    documentationVersion: input.documentationVersion || undefined,
    variables: input.variables,
    tracingEnabled: input.tracingEnabled ?? false,
    tags: input.tags && Object.keys(input.tags).length > 0 ? input.tags : undefined,
  };
  stages.put([id, name], stage);
  deployedApis(call).invalidate(id);
  return stage;
};

export const getStage: Operation<'apigateway', 'GetStage'> = (input, call) => {
  return requireStage(call, requireApi(call, input.restApiId).id, input.stageName);
};

export const getStages: Operation<'apigateway', 'GetStages'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const all = [...tables(call).stages.values({ prefix: [id] })];
  return { item: all.filter((stage) => !input.deploymentId || stage.deploymentId === input.deploymentId) };
};

export const updateStage: Operation<'apigateway', 'UpdateStage'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const stage = requireStage(call, id, input.stageName);
  const exists = (deploymentId: string) => tables(call).deployments.has([id, deploymentId]);
  const updated = {
    ...patchStage(stage, input.patchOperations, exists),
    lastUpdatedDate: wholeSeconds(call),
  };
  requireLogRole(call, input.patchOperations);
  const { documentationVersion } = updated;
  if (documentationVersion && documentationVersion !== stage.documentationVersion)
    requireVersion(call, id, documentationVersion);
  const { clientCertificateId } = updated;
  if (clientCertificateId && clientCertificateId !== stage.clientCertificateId)
    requireCertificate(call, clientCertificateId);
  tables(call).stages.put([id, stage.stageName], updated);
  emptyChangedCaches(call, id, stage, updated);
  deployedApis(call).invalidate(id);
  return updated;
};

export const deleteStage: Operation<'apigateway', 'DeleteStage'> = async (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const stage = requireStage(call, id, input.stageName);
  await refuseMapped(call, id, stage.stageName);
  tables(call).stages.remove([id, stage.stageName]);
  emptyChangedCaches(call, id, stage, undefined);
  authorizerResults(call).forget(`${id}/${stage.stageName}/`);
  deployedApis(call).invalidate(id);
  return {};
};
