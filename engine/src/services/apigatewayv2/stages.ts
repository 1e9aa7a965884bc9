import { authorizerResults } from '../../http-api/authorizers/results';
import { httpApis } from '../../http-api/deployed';
import type { Call, Operation } from '../../kernel';
import { refuseMapped } from './api-mappings';
import { changed, wholeSeconds } from './changed';
import { said } from './changes';
import { badRequest, conflict, notFound, requireApi, requireStage } from './errors';
import { page } from './pages';
import { checkStage, refuseStageSettings } from './rules/stage';
import { snapshotOf } from './snapshot';
import { type StageRecord, tables } from './store';

const SETTINGS = [
  'AccessLogSettings',
  'AutoDeploy',
  'DefaultRouteSettings',
  'DeploymentId',
  'Description',
  'RouteSettings',
  'StageVariables',
] as const;

export const createStage: Operation<'apigatewayv2', 'CreateStage'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  refuseStageSettings(input);
  const name = input.StageName!;
  if (tables(call).stages.has([ApiId, name])) throw conflict('Stage already exists');
  const stage: StageRecord = {
    CreatedDate: wholeSeconds(call),
    LastUpdatedDate: wholeSeconds(call),
    RouteSettings: {},
    StageVariables: {},
    ...said(input, SETTINGS),
    DefaultRouteSettings: { DetailedMetricsEnabled: false, ...input.DefaultRouteSettings },
    StageName: name,
    Tags: input.Tags ?? {},
  };
  checkStage(call, ApiId, stage);
  checkDeployment(call, ApiId, input);
  tables(call).stages.put([ApiId, name], stage);
  if (stage.AutoDeploy) changed(call, ApiId);
  else freeze(call, ApiId, stage);
  httpApis(call).invalidate(ApiId);
  return requireStage(call, ApiId, name);
};

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages.html */
function checkDeployment(
  call: Call,
  apiId: string,
  given: { AutoDeploy?: boolean | undefined; DeploymentId?: string | undefined },
): void {
  if (given.DeploymentId === undefined) return;
  if (given.AutoDeploy) throw badRequest('Deployment ID cannot be set by users when AutoDeploy is enabled');
  if (!tables(call).deployments.has([apiId, given.DeploymentId]))
    throw notFound(`Invalid Deployment identifier specified ${given.DeploymentId}`);
}

/** A stage that stays at what was deployed automatically needs that as it was: from now on it is frozen. */
function freeze(call: Call, apiId: string, { DeploymentId: id }: StageRecord): void {
  const { snapshots } = tables(call);
  if (id === undefined || snapshots.has([apiId, id])) return;
  snapshots.put([apiId, id], snapshotOf(tables(call), requireApi(call, apiId)));
}

export const getStage: Operation<'apigatewayv2', 'GetStage'> = (input, call) =>
  requireStage(call, input.ApiId, input.StageName);

export const getStages: Operation<'apigatewayv2', 'GetStages'> = (input, call) =>
  page(tables(call).stages, input, [requireApi(call, input.ApiId).ApiId]);

export const updateStage: Operation<'apigatewayv2', 'UpdateStage'> = (input, call) => {
  const apiId = input.ApiId!;
  const stage = requireStage(call, apiId, input.StageName);
  refuseStageSettings(input);
  const updated: StageRecord = {
    ...stage,
    ...said(input, SETTINGS),
    ...(input.RouteSettings && { RouteSettings: { ...stage.RouteSettings, ...input.RouteSettings } }),
    ...(input.DefaultRouteSettings && {
      DefaultRouteSettings: { ...stage.DefaultRouteSettings, ...input.DefaultRouteSettings },
    }),
    ...(input.StageVariables && { StageVariables: mergedVariables(stage, input.StageVariables) }),
    LastUpdatedDate: wholeSeconds(call),
  };
  // An empty object stands for none.
  if (input.AccessLogSettings && !input.AccessLogSettings.DestinationArn && !input.AccessLogSettings.Format)
    delete updated.AccessLogSettings;
  checkStage(call, apiId, updated);
  checkDeployment(call, apiId, { AutoDeploy: updated.AutoDeploy, DeploymentId: input.DeploymentId });
  put(call, apiId, updated);
  if (updated.AutoDeploy && !stage.AutoDeploy) changed(call, apiId);
  if (!updated.AutoDeploy) freeze(call, apiId, updated);
  return requireStage(call, apiId, stage.StageName);
};

/** An empty value takes a variable away. */
function mergedVariables(stage: StageRecord, given: Record<string, string>): Record<string, string> {
  const all = { ...stage.StageVariables, ...given };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function put(call: Call, apiId: string, stage: StageRecord): void {
  tables(call).stages.put([apiId, stage.StageName], stage);
  httpApis(call).invalidate(apiId);
}

export const deleteStage: Operation<'apigatewayv2', 'DeleteStage'> = (input, call) => {
  const { StageName } = requireStage(call, input.ApiId, input.StageName);
  refuseMapped(call, input.ApiId!, StageName);
  tables(call).stages.remove([input.ApiId!, StageName]);
  httpApis(call).invalidate(input.ApiId!);
  authorizerResults(call).forget(`${input.ApiId}/${StageName}/`);
  return {};
};

export const deleteAccessLogSettings: Operation<'apigatewayv2', 'DeleteAccessLogSettings'> = (
  input,
  call,
) => {
  const { AccessLogSettings: _gone, ...rest } = requireStage(call, input.ApiId, input.StageName);
  put(call, input.ApiId!, rest);
  return {};
};

export const deleteRouteSettings: Operation<'apigatewayv2', 'DeleteRouteSettings'> = (input, call) => {
  const stage = requireStage(call, input.ApiId, input.StageName);
  const { [input.RouteKey!]: gone, ...rest } = stage.RouteSettings ?? {};
  if (!gone)
    throw notFound(`Unable to find Route by key ${input.RouteKey} within the provided RouteSettings`);
  put(call, input.ApiId!, { ...stage, RouteSettings: rest });
  return {};
};
