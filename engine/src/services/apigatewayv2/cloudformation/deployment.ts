import { defineResource } from '../../../kernel';
import { gone } from './values';

interface Properties {
  ApiId: string;
  Description?: string;
  StageName?: string;
}

export const deployment = defineResource<Properties>({
  type: 'AWS::ApiGatewayV2::Deployment',
  properties: { ApiId: true, Description: true, StageName: true },
  async create({ call, properties }) {
    const { DeploymentId = '' } = await call.invoke('apigatewayv2', 'CreateDeployment', properties);
    return { physicalId: DeploymentId, attributes: { DeploymentId } };
  },
  async update({ call, physicalId: DeploymentId, properties: { ApiId, Description = '', StageName } }) {
    await call.invoke('apigatewayv2', 'UpdateDeployment', { ApiId, DeploymentId, Description });
    if (StageName !== undefined)
      await call.invoke('apigatewayv2', 'UpdateStage', { ApiId, StageName, DeploymentId });
    return { physicalId: DeploymentId, attributes: { DeploymentId } };
  },
  async delete({ call, physicalId: DeploymentId, properties: { ApiId } }) {
    await gone(call.invoke('apigatewayv2', 'DeleteDeployment', { ApiId, DeploymentId }));
  },
});
