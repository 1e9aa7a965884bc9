import { httpApis } from '../../http-api/deployed';
import type { Call } from '../../kernel';
import { type DeploymentRecord, type StageRecord, tables } from './store';

export const NOTHING_TO_DEPLOY = 'Unable to deploy API because no routes exist in this API';

/**
 * Every change of an API goes live at once in the stages that are deployed automatically.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html
 */
export function changed(call: Call, apiId: string): void {
  const { deployments, stages } = tables(call);
  const automatic = [...stages.values({ prefix: [apiId] })].filter((stage) => stage.AutoDeploy);
  httpApis(call).invalidate(apiId);
  if (automatic.length === 0) return;
  call.store.transaction(() => {
    const deployment = deploy(call, apiId);
    const former = new Set(automatic.map((stage) => stage.DeploymentId ?? ''));
    for (const stage of automatic) stages.put([apiId, stage.StageName], deployedTo(call, stage, deployment));
    // What only they were at leads nowhere now: there would be as many deployments as changes.
    if (!deployment) return;
    const used = new Set([...stages.values({ prefix: [apiId] })].map((stage) => stage.DeploymentId));
    for (const id of former) {
      if (!used.has(id) && deployments.get([apiId, id])?.AutoDeployed) deployments.remove([apiId, id]);
    }
  });
}

/** A deployment of the API as it is; undefined where it has no routes. */
function deploy(call: Call, apiId: string): DeploymentRecord | undefined {
  const { deployments, routes } = tables(call);
  if (routes.count({ prefix: [apiId] }) === 0) return undefined;
  const deployment: DeploymentRecord = {
    AutoDeployed: true,
    CreatedDate: wholeSeconds(call),
    DeploymentId: call.ids.lower(6),
    DeploymentStatus: 'DEPLOYED',
    Description: 'Automatic deployment triggered by changes to the Api configuration',
  };
  deployments.put([apiId, deployment.DeploymentId], deployment);
  return deployment;
}

function deployedTo(call: Call, stage: StageRecord, deployment: DeploymentRecord | undefined): StageRecord {
  if (!deployment) {
    return { ...stage, LastDeploymentStatusMessage: `Deployment attempt failed: ${NOTHING_TO_DEPLOY}` };
  }
  return {
    ...stage,
    DeploymentId: deployment.DeploymentId,
    LastUpdatedDate: wholeSeconds(call),
    LastDeploymentStatusMessage: `Successfully deployed stage with deployment ID '${deployment.DeploymentId}'`,
  };
}

/** API Gateway's times have no milliseconds. */
export function wholeSeconds(call: Call): Date {
  return new Date(Math.floor(call.clock.millis() / 1000) * 1000);
}
