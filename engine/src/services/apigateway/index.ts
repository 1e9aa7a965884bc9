import { deployedApis } from '../../execute-api/deployed';
import { defineService } from '../../kernel';
import * as account from './account';
import * as deployments from './deployments';
import * as gatewayResponses from './gateway-responses';
import * as integrationResponses from './integration-responses';
import * as integrations from './integrations';
import * as methodResponses from './method-responses';
import * as methods from './methods';
import * as models from './models';
import * as validators from './request-validators';
import * as resources from './resources-operations';
import * as apis from './rest-apis';
import * as stages from './stages';
import { collections, owners } from './store';
import * as tags from './tags';
import { testInvokeMethod } from './test-invoke';

export default defineService({
  name: 'apigateway',
  operations: {
    CreateRestApi: apis.createRestApi,
    GetRestApi: apis.getRestApi,
    GetRestApis: apis.getRestApis,
    UpdateRestApi: apis.updateRestApi,
    DeleteRestApi: apis.deleteRestApi,
    CreateResource: resources.createResource,
    GetResource: resources.getResource,
    GetResources: resources.getResources,
    UpdateResource: resources.updateResource,
    DeleteResource: resources.deleteResource,
    PutMethod: methods.putMethod,
    GetMethod: methods.getMethod,
    UpdateMethod: methods.updateMethod,
    DeleteMethod: methods.deleteMethod,
    PutMethodResponse: methodResponses.putMethodResponse,
    GetMethodResponse: methodResponses.getMethodResponse,
    UpdateMethodResponse: methodResponses.updateMethodResponse,
    DeleteMethodResponse: methodResponses.deleteMethodResponse,
    PutIntegration: integrations.putIntegration,
    GetIntegration: integrations.getIntegration,
    UpdateIntegration: integrations.updateIntegration,
    DeleteIntegration: integrations.deleteIntegration,
    PutIntegrationResponse: integrationResponses.putIntegrationResponse,
    GetIntegrationResponse: integrationResponses.getIntegrationResponse,
    UpdateIntegrationResponse: integrationResponses.updateIntegrationResponse,
    DeleteIntegrationResponse: integrationResponses.deleteIntegrationResponse,
    CreateModel: models.createModel,
    GetModel: models.getModel,
    GetModels: models.getModels,
    UpdateModel: models.updateModel,
    DeleteModel: models.deleteModel,
    CreateRequestValidator: validators.createRequestValidator,
    GetRequestValidator: validators.getRequestValidator,
    GetRequestValidators: validators.getRequestValidators,
    UpdateRequestValidator: validators.updateRequestValidator,
    DeleteRequestValidator: validators.deleteRequestValidator,
    PutGatewayResponse: gatewayResponses.putGatewayResponse,
    GetGatewayResponse: gatewayResponses.getGatewayResponse,
    GetGatewayResponses: gatewayResponses.getGatewayResponses,
    UpdateGatewayResponse: gatewayResponses.updateGatewayResponse,
    DeleteGatewayResponse: gatewayResponses.deleteGatewayResponse,
    CreateDeployment: deployments.createDeployment,
    GetDeployment: deployments.getDeployment,
    GetDeployments: deployments.getDeployments,
    UpdateDeployment: deployments.updateDeployment,
    DeleteDeployment: deployments.deleteDeployment,
    CreateStage: stages.createStage,
    GetStage: stages.getStage,
    GetStages: stages.getStages,
    UpdateStage: stages.updateStage,
    DeleteStage: stages.deleteStage,
    GetAccount: account.getAccount,
    UpdateAccount: account.updateAccount,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    GetTags: tags.getTags,
    TestInvokeMethod: testInvokeMethod,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start(host, stores) {
    const worldOwners = owners(stores.of('-', '-'));
    deployedApis(host).attach((apiId, stageName) => {
      const owner = worldOwners.get(apiId);
      if (!owner) return undefined;
      const { snapshots, stages } = collections(stores.of(owner.account, owner.region));
      const stage = stages.get([apiId, stageName]);
      const snapshot = stage && snapshots.get([apiId, stage.deploymentId]);
      return stage && snapshot && { ...owner, stage, snapshot };
    });
  },
});
