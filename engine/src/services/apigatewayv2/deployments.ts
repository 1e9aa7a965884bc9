import { httpApis } from '../../http-api/deployed';
import type { Operation } from '../../kernel';
import { NOTHING_TO_DEPLOY, wholeSeconds } from './changed';
import { badRequest, notFound, requireApi, requireStage } from './errors';
import { page } from './pages';
import { snapshotOf } from './snapshot';
import { type DeploymentRecord, tables } from './store';

export const createDeployment: Operation<'apigatewayv2', 'CreateDeployment'> = (input, call) => {
  const api = requireApi(call, input.ApiId);
  const all = tables(call);
  const stage = input.StageName === undefined ? undefined : requireStage(call, api.ApiId, input.StageName);
  if (stage?.AutoDeploy)
    throw badRequest('Deployments cannot be created for a stage with AutoDeploy enabled');
  if (all.routes.count({ prefix: [api.ApiId] }) === 0) throw badRequest(NOTHING_TO_DEPLOY);
  const deployment: DeploymentRecord = {
    AutoDeployed: false,
    CreatedDate: wholeSeconds(call),
    DeploymentId: call.ids.lower(6),
    DeploymentStatus: 'DEPLOYED',
    Description: input.Description,
  };
  call.store.transaction(() => {
    const key = [api.ApiId, deployment.DeploymentId];
    all.deployments.put(key, deployment);
    all.snapshots.put(key, snapshotOf(all, api));
    if (stage)
      all.stages.put([api.ApiId, stage.StageName], {
        ...stage,
        DeploymentId: deployment.DeploymentId,
        LastUpdatedDate: wholeSeconds(call),
      });
  });
  httpApis(call).invalidate(api.ApiId);
  return deployment;
};

export const getDeployment: Operation<'apigatewayv2', 'GetDeployment'> = (input, call) => {
  const deployment = tables(call).deployments.get([requireApi(call, input.ApiId).ApiId, input.DeploymentId!]);
  if (!deployment) throw notFound(`Invalid Deployment identifier specified ${input.DeploymentId}`);
  return deployment;
};

export const getDeployments: Operation<'apigatewayv2', 'GetDeployments'> = (input, call) =>
  page(tables(call).deployments, input, [requireApi(call, input.ApiId).ApiId]);

export const updateDeployment: Operation<'apigatewayv2', 'UpdateDeployment'> = async (input, call) => {
  const deployment = (await getDeployment(input, call)) as DeploymentRecord;
  const updated = { ...deployment, Description: input.Description ?? deployment.Description };
  tables(call).deployments.put([input.ApiId!, deployment.DeploymentId], updated);
  return updated;
};

export const deleteDeployment: Operation<'apigatewayv2', 'DeleteDeployment'> = async (input, call) => {
  const { DeploymentId } = await getDeployment(input, call);
  const { deployments, snapshots, stages } = tables(call);
  for (const stage of stages.values({ prefix: [input.ApiId!] })) {
    if (stage.DeploymentId === DeploymentId)
      throw badRequest('Active stages pointing to this deployment must be moved or deleted');
  }
  deployments.remove([input.ApiId!, DeploymentId!]);
  snapshots.remove([input.ApiId!, DeploymentId!]);
  return {};
};
