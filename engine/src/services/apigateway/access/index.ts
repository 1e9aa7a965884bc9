import { type Access, passRole } from '../../../kernel';
import { creationKeys, methodKeys, patchKeys } from './keys';
import { on, onPath, onTagged, onTags, settingPolicy, taggingNew } from './needs';

const METHOD = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}';

/**
 * The verbs and paths of API Gateway's own API.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
const access: Access<'apigateway'> = {
  CreateRestApi: (input, call) => [
    onPath(call, 'POST', '/restapis', creationKeys(input)),
    ...taggingNew(call, '/restapis/*', input.tags),
    ...(input.policy ? [settingPolicy(call, '/restapis/*')] : []),
  ],
  GetRestApi: on('GET', '/restapis/{restApiId}'),
  GetRestApis: on('GET', '/restapis'),
  UpdateRestApi: (input, call) => {
    const path = `/restapis/${input.restApiId ?? ''}`;
    const setsPolicy = (input.patchOperations ?? []).some((one) => one.path === '/policy');
    return [
      onPath(call, 'PATCH', path, patchKeys(input)),
      ...(setsPolicy ? [settingPolicy(call, path)] : []),
    ];
  },
  DeleteRestApi: on('DELETE', '/restapis/{restApiId}'),
  CreateResource: on('POST', '/restapis/{restApiId}/resources/{parentId}'),
  GetResource: on('GET', '/restapis/{restApiId}/resources/{resourceId}'),
  GetResources: on('GET', '/restapis/{restApiId}/resources'),
  UpdateResource: on('PATCH', '/restapis/{restApiId}/resources/{resourceId}'),
  DeleteResource: on('DELETE', '/restapis/{restApiId}/resources/{resourceId}'),
  PutMethod: on('PUT', METHOD, methodKeys),
  GetMethod: on('GET', METHOD),
  UpdateMethod: on('PATCH', METHOD, patchKeys),
  DeleteMethod: on('DELETE', METHOD),
  PutMethodResponse: on('PUT', `${METHOD}/responses/{statusCode}`),
  GetMethodResponse: on('GET', `${METHOD}/responses/{statusCode}`),
  UpdateMethodResponse: on('PATCH', `${METHOD}/responses/{statusCode}`),
  DeleteMethodResponse: on('DELETE', `${METHOD}/responses/{statusCode}`),
  PutIntegration: on('PUT', `${METHOD}/integration`),
  GetIntegration: on('GET', `${METHOD}/integration`),
  UpdateIntegration: on('PATCH', `${METHOD}/integration`),
  DeleteIntegration: on('DELETE', `${METHOD}/integration`),
  PutIntegrationResponse: on('PUT', `${METHOD}/integration/responses/{statusCode}`),
  GetIntegrationResponse: on('GET', `${METHOD}/integration/responses/{statusCode}`),
  UpdateIntegrationResponse: on('PATCH', `${METHOD}/integration/responses/{statusCode}`),
  DeleteIntegrationResponse: on('DELETE', `${METHOD}/integration/responses/{statusCode}`),
  CreateModel: on('POST', '/restapis/{restApiId}/models'),
  GetModel: on('GET', '/restapis/{restApiId}/models/{modelName}'),
  GetModels: on('GET', '/restapis/{restApiId}/models'),
  UpdateModel: on('PATCH', '/restapis/{restApiId}/models/{modelName}'),
  DeleteModel: on('DELETE', '/restapis/{restApiId}/models/{modelName}'),
  CreateRequestValidator: on('POST', '/restapis/{restApiId}/requestvalidators'),
  GetRequestValidator: on('GET', '/restapis/{restApiId}/requestvalidators/{requestValidatorId}'),
  GetRequestValidators: on('GET', '/restapis/{restApiId}/requestvalidators'),
  UpdateRequestValidator: on('PATCH', '/restapis/{restApiId}/requestvalidators/{requestValidatorId}'),
  DeleteRequestValidator: on('DELETE', '/restapis/{restApiId}/requestvalidators/{requestValidatorId}'),
  PutGatewayResponse: on('PUT', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  GetGatewayResponse: on('GET', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  GetGatewayResponses: on('GET', '/restapis/{restApiId}/gatewayresponses'),
  UpdateGatewayResponse: on('PATCH', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  DeleteGatewayResponse: on('DELETE', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  CreateDeployment: (input, call) =>
    onPath(call, 'POST', `/restapis/${input.restApiId}/deployments`, {
      'apigateway:Request/StageName': input.stageName,
    }),
  GetDeployment: on('GET', '/restapis/{restApiId}/deployments/{deploymentId}'),
  GetDeployments: on('GET', '/restapis/{restApiId}/deployments'),
  UpdateDeployment: on('PATCH', '/restapis/{restApiId}/deployments/{deploymentId}'),
  DeleteDeployment: on('DELETE', '/restapis/{restApiId}/deployments/{deploymentId}'),
  CreateStage: (input, call) => [
    onPath(call, 'POST', `/restapis/${input.restApiId}/stages`),
    ...taggingNew(call, `/restapis/${input.restApiId}/stages/${input.stageName}`, input.tags),
  ],
  GetStage: on('GET', '/restapis/{restApiId}/stages/{stageName}'),
  GetStages: on('GET', '/restapis/{restApiId}/stages'),
  UpdateStage: on('PATCH', '/restapis/{restApiId}/stages/{stageName}', patchKeys),
  DeleteStage: on('DELETE', '/restapis/{restApiId}/stages/{stageName}'),
  GetAccount: on('GET', '/account'),
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
  UpdateAccount: (input, call) => [
    onPath(call, 'PATCH', '/account'),
    ...(input.patchOperations ?? [])
      .filter(({ path, value }) => path === '/cloudwatchRoleArn' && value)
      .map(({ value = '' }) => passRole(call, value, 'apigateway.amazonaws.com')),
  ],
  TagResource: (input, call) => onTagged(call, 'PUT', input.resourceArn),
  UntagResource: (input, call) => onTagged(call, 'DELETE', input.resourceArn),
  GetTags: (input, call) => onTags(call, 'GET', input.resourceArn),
  TestInvokeMethod: on('POST', METHOD),
};

export default access;
