import { defineResource, notImplemented, whileMaking } from '../../../kernel';
import { accessLogPatches } from './access-log';
import { SETTINGS, type Settings, settingPatches } from './method-settings';
import {
  CANARY,
  type Canary,
  canaryOf,
  madeWith,
  STAGE_SETTINGS,
  type StageSettings,
} from './stage-settings';
import { gone, replace } from './values';

interface Properties {
  RestApiId: string;
  Description?: string;
  StageName?: string;
  StageDescription?: Settings & StageSettings;
  DeploymentCanarySettings?: Canary;
}

export const deployment = defineResource<Properties>({
  type: 'AWS::ApiGateway::Deployment',
  properties: {
    RestApiId: true,
    Description: true,
    StageName: true,
    StageDescription: { ...STAGE_SETTINGS, ...SETTINGS },
    DeploymentCanarySettings: CANARY,
  },
  async create({ call, properties }) {
    const { DeploymentCanarySettings: canary, StageDescription: stage } = properties;
    const { id = '' } = await call.invoke('apigateway', 'CreateDeployment', {
      restApiId: properties.RestApiId,
      description: properties.Description,
      stageName: properties.StageName,
      stageDescription: stage?.Description,
      ...madeWith(stage),
      canarySettings: canary && canaryOf(canary),
    });
    const patchOperations = stage
      ? [
          ...accessLogPatches(undefined, stage.AccessLogSetting),
          ...settingPatches([
            { ...stage, ResourcePath: '/*', HttpMethod: '*' },
            ...(stage.MethodSettings ?? []),
          ]),
        ]
      : [];
    if (patchOperations.length > 0) {
      const where = { restApiId: properties.RestApiId, stageName: properties.StageName };
      await whileMaking(id, () => call.invoke('apigateway', 'UpdateStage', { ...where, patchOperations }));
    }
    return { physicalId: id, attributes: { DeploymentId: id } };
  },
  async update({ call, physicalId, previous, properties }) {
    const stageOf = ({ StageName, StageDescription }: Properties) =>
      JSON.stringify([StageName, StageDescription]);
    if (stageOf(previous) !== stageOf(properties)) {
      throw notImplemented('updates of AWS::ApiGateway::Deployment StageName and StageDescription');
    }
    await call.invoke('apigateway', 'UpdateDeployment', {
      restApiId: properties.RestApiId,
      deploymentId: physicalId,
      patchOperations: [replace('/description', properties.Description ?? '')],
    });
    return { physicalId, attributes: { DeploymentId: physicalId } };
  },
  async delete({ call, physicalId, properties }) {
    const { RestApiId: restApiId, StageName: stageName } = properties;
    // A stage that the deployment made itself goes with it, as nobody else would remove it.
    if (stageName) {
      const { item = [] } = await call
        .invoke('apigateway', 'GetStages', { restApiId, deploymentId: physicalId })
        .catch(() => ({ item: [] }));
      if (item.some((stage) => stage.stageName === stageName)) {
        await gone(call.invoke('apigateway', 'DeleteStage', { restApiId, stageName }));
      }
    }
    await gone(call.invoke('apigateway', 'DeleteDeployment', { restApiId, deploymentId: physicalId }));
  },
});
