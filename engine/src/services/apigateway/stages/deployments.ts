import type { MethodSnapshot } from '@aws-sdk/client-api-gateway';
import type { ApiSnapshot } from '../../../execute-api/deployed';
import { deployedApis } from '../../../execute-api/deployed';
import type { Call, Operation } from '../../../kernel';
import { badRequest, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { invalidOperation, invalidPath, patches } from '../patch';
import { wholeSeconds } from '../rest-apis/rest-apis';
import { type DeploymentRecord, tables } from '../store';
import { checkCanaryStage, newCanary } from './canary';
import { snapshotOf } from './snapshot';
import { cacheCluster, emptyChangedCaches } from './stage-cache';
import { checkStageName, checkVariables } from './stage-rules';
import { newStage } from './stages';

function requireDeployment(call: Call, apiId: string, id: string | undefined): DeploymentRecord {
  const deployment = tables(call).deployments.get([apiId, id ?? '']);
  if (!deployment) throw notFound('Invalid Deployment identifier specified');
  return deployment;
}

export const createDeployment: Operation<'apigateway', 'CreateDeployment'> = (input, call) => {
  const api = requireApi(call, input.restApiId);
  const all = tables(call);
  if (input.canarySettings)
    checkCanaryStage(input.stageName, all.stages.has([api.id, input.stageName ?? '']));
  if (input.stageName) checkStageName(input.stageName);
  checkVariables(input.variables);
  const snapshot = snapshotOf(all, api);
  checkDeployable(snapshot);
  const deployment: DeploymentRecord = {
    id: call.ids.lower(6),
    description: input.description || undefined,
    createdDate: wholeSeconds(call),
  };
  call.store.transaction(() => {
    all.deployments.put([api.id, deployment.id], deployment);
    all.snapshots.put([api.id, deployment.id], snapshot);
    if (!input.stageName) return;
    const existing = all.stages.get([api.id, input.stageName]);
    const stage = existing ?? newStage(call, input.stageName, deployment.id);
    // A canary's deployment leaves the stage's own where it is.
    const deployed = input.canarySettings
      ? { canarySettings: newCanary(input.canarySettings, deployment.id) }
      : { deploymentId: deployment.id };
    const updated = {
      ...stage,
      ...deployed,
      ...cacheCluster(input, stage),
      description: input.stageDescription ?? stage.description,
      variables: input.variables ?? stage.variables,
      tracingEnabled: input.tracingEnabled ?? stage.tracingEnabled,
      lastUpdatedDate: wholeSeconds(call),
    };
    all.stages.put([api.id, input.stageName], updated);
    emptyChangedCaches(call, api.id, stage, updated);
  });
  deployedApis(call).invalidate(api.id);
  return deployment;
};

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html */
function checkDeployable(snapshot: ApiSnapshot): void {
  const methods = snapshot.resources.flatMap((resource) => Object.values(resource.methods));
  if (methods.length === 0) throw badRequest("The REST API doesn't contain any methods");
  if (methods.some((method) => !method.methodIntegration))
    throw badRequest('No integration defined for method');
  if (snapshot.endpointType === 'PRIVATE' && snapshot.policy === undefined)
    throw badRequest("Private REST API doesn't have a resource policy attached to it");
}

export const getDeployment: Operation<'apigateway', 'GetDeployment'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const deployment = requireDeployment(call, id, input.deploymentId);
  if (!input.embed?.includes('apisummary')) return deployment;
  const snapshot = tables(call).snapshots.get([id, deployment.id]);
  return { ...deployment, apiSummary: snapshot && summaryOf(snapshot) };
};

function summaryOf(snapshot: ApiSnapshot): Record<string, Record<string, MethodSnapshot>> {
  const summary: Record<string, Record<string, MethodSnapshot>> = {};
  for (const { path, methods } of snapshot.resources) {
    for (const [name, method] of Object.entries(methods)) {
      summary[path] ??= {};
      summary[path][name] = {
        authorizationType: method.authorizationType,
        apiKeyRequired: method.apiKeyRequired,
      };
    }
  }
  return summary;
}

export const getDeployments: Operation<'apigateway', 'GetDeployments'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const all = [...tables(call).deployments.values({ prefix: [id] })];
  all.sort((a, b) => a.createdDate.getTime() - b.createdDate.getTime() || (a.id < b.id ? -1 : 1));
  return page(all, (deployment) => deployment.id, input);
};

export const updateDeployment: Operation<'apigateway', 'UpdateDeployment'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const deployment = { ...requireDeployment(call, id, input.deploymentId) };
  for (const patch of patches(input.patchOperations)) {
    if (patch.path !== '/description') throw invalidPath(patch.path);
    if (patch.op !== 'replace') throw invalidOperation(['replace']);
    deployment.description = patch.value;
  }
  tables(call).deployments.put([id, deployment.id], deployment);
  return deployment;
};

export const deleteDeployment: Operation<'apigateway', 'DeleteDeployment'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const deployment = requireDeployment(call, id, input.deploymentId);
  const { deployments, snapshots, stages } = tables(call);
  for (const stage of stages.values({ prefix: [id] })) {
    if (stage.deploymentId === deployment.id || stage.canarySettings?.deploymentId === deployment.id) {
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
    }
  }
  call.store.transaction(() => {
    deployments.remove([id, deployment.id]);
    snapshots.remove([id, deployment.id]);
  });
  return {};
};
