import { type Access, type Call, passRole } from '../../../kernel';
import { rolesOf } from '../openapi/roles';
import { authorizerKeys, creationKeys, methodKeys, patchKeys } from './keys';
import { on, onArn, onDomain, onPath, onTagged, onTags, settingPolicy, taggingNew } from './needs';

const METHOD = '/restapis/{restApiId}/resources/{resourceId}/methods/{httpMethod}';

const DOCUMENTATION = '/restapis/{restApiId}/documentation';

/** An integration's role is handed to the gateway; the caller's own credentials are not. */
const passedRole = (call: Call, credentials: string | undefined) =>
  credentials && /:role\//.test(credentials) ? [passRole(call, credentials, 'apigateway.amazonaws.com')] : [];

/** Those of the integrations that a definition describes. */
const passedRoles = (call: Call, body: unknown) =>
  rolesOf(body instanceof Uint8Array ? body : undefined).flatMap((role) => passedRole(call, role));

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
  ImportRestApi: (input, call) => [onPath(call, 'POST', '/restapis'), ...passedRoles(call, input.body)],
  PutRestApi: (input, call) => [
    onPath(call, 'PUT', `/restapis/${input.restApiId}`),
    ...passedRoles(call, input.body),
  ],
  GetExport: on('GET', '/restapis/{restApiId}/stages/{stageName}/exports/{exportType}'),
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
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
  PutIntegration: (input, call) => [
    on('PUT', `${METHOD}/integration`)(input, call),
    ...passedRole(call, input.credentials),
  ],
  GetIntegration: on('GET', `${METHOD}/integration`),
  UpdateIntegration: (input, call) => [
    on('PATCH', `${METHOD}/integration`)(input, call),
    ...(input.patchOperations ?? [])
      .filter(({ path }) => path === '/credentials')
      .flatMap(({ value }) => passedRole(call, value)),
  ],
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
  // A role that an authorizer's function is called with is handed to the gateway.
  CreateAuthorizer: (input, call) => [
    onPath(call, 'POST', `/restapis/${input.restApiId}/authorizers`, authorizerKeys(input)),
    ...passedRole(call, input.authorizerCredentials),
  ],
  GetAuthorizer: on('GET', '/restapis/{restApiId}/authorizers/{authorizerId}'),
  GetAuthorizers: on('GET', '/restapis/{restApiId}/authorizers'),
  UpdateAuthorizer: (input, call) => [
    onPath(call, 'PATCH', `/restapis/${input.restApiId}/authorizers/${input.authorizerId}`, patchKeys(input)),
    ...(input.patchOperations ?? [])
      .filter(({ path }) => path === '/authorizerCredentials')
      .flatMap(({ value }) => passedRole(call, value)),
  ],
  DeleteAuthorizer: on('DELETE', '/restapis/{restApiId}/authorizers/{authorizerId}'),
  FlushStageAuthorizersCache: on('DELETE', '/restapis/{restApiId}/stages/{stageName}/cache/authorizers'),
  TestInvokeAuthorizer: on('POST', '/restapis/{restApiId}/authorizers/{authorizerId}'),
  PutGatewayResponse: on('PUT', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  GetGatewayResponse: on('GET', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  GetGatewayResponses: on('GET', '/restapis/{restApiId}/gatewayresponses'),
  UpdateGatewayResponse: on('PATCH', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  DeleteGatewayResponse: on('DELETE', '/restapis/{restApiId}/gatewayresponses/{responseType}'),
  CreateDocumentationPart: on('POST', `${DOCUMENTATION}/parts`),
  GetDocumentationPart: on('GET', `${DOCUMENTATION}/parts/{documentationPartId}`),
  GetDocumentationParts: on('GET', `${DOCUMENTATION}/parts`),
  UpdateDocumentationPart: on('PATCH', `${DOCUMENTATION}/parts/{documentationPartId}`),
  DeleteDocumentationPart: on('DELETE', `${DOCUMENTATION}/parts/{documentationPartId}`),
  ImportDocumentationParts: on('PUT', `${DOCUMENTATION}/parts`),
  CreateDocumentationVersion: on('POST', `${DOCUMENTATION}/versions`),
  GetDocumentationVersion: on('GET', `${DOCUMENTATION}/versions/{documentationVersion}`),
  GetDocumentationVersions: on('GET', `${DOCUMENTATION}/versions`),
  UpdateDocumentationVersion: on('PATCH', `${DOCUMENTATION}/versions/{documentationVersion}`),
  DeleteDocumentationVersion: on('DELETE', `${DOCUMENTATION}/versions/{documentationVersion}`),
  CreateDomainName: (input, call) => [
    onPath(call, 'POST', '/domainnames'),
    ...taggingNew(call, `/domainnames/${input.domainName}`, input.tags),
  ],
  GetDomainName: onDomain('GET'),
  GetDomainNames: on('GET', '/domainnames'),
  UpdateDomainName: onDomain('PATCH'),
  DeleteDomainName: onDomain('DELETE'),
  CreateBasePathMapping: onDomain('POST', '/basepathmappings'),
  GetBasePathMapping: onDomain('GET', '/basepathmappings/{basePath}'),
  GetBasePathMappings: onDomain('GET', '/basepathmappings'),
  UpdateBasePathMapping: onDomain('PATCH', '/basepathmappings/{basePath}'),
  DeleteBasePathMapping: onDomain('DELETE', '/basepathmappings/{basePath}'),
  CreateDomainNameAccessAssociation: (input, call) => [
    onPath(call, 'POST', '/domainnameaccessassociations'),
    onArn('apigateway:CreateAccessAssociation', input.domainNameArn),
  ],
  GetDomainNameAccessAssociations: on('GET', '/domainnameaccessassociations'),
  DeleteDomainNameAccessAssociation: (input) =>
    onArn('apigateway:DELETE', input.domainNameAccessAssociationArn),
  RejectDomainNameAccessAssociation: (input) =>
    onArn('apigateway:RejectAccessAssociation', input.domainNameArn),
  GenerateClientCertificate: (input, call) => [
    onPath(call, 'POST', '/clientcertificates'),
    ...taggingNew(call, '/clientcertificates/*', input.tags),
  ],
  GetClientCertificate: on('GET', '/clientcertificates/{clientCertificateId}'),
  GetClientCertificates: on('GET', '/clientcertificates'),
  UpdateClientCertificate: on('PATCH', '/clientcertificates/{clientCertificateId}'),
  DeleteClientCertificate: on('DELETE', '/clientcertificates/{clientCertificateId}'),
  CreateVpcLink: (input, call) => [
    onPath(call, 'POST', '/vpclinks'),
    ...taggingNew(call, '/vpclinks/*', input.tags),
  ],
  GetVpcLink: on('GET', '/vpclinks/{vpcLinkId}'),
  GetVpcLinks: on('GET', '/vpclinks'),
  UpdateVpcLink: on('PATCH', '/vpclinks/{vpcLinkId}'),
  DeleteVpcLink: on('DELETE', '/vpclinks/{vpcLinkId}'),
  GetModelTemplate: on('GET', '/restapis/{restApiId}/models/{modelName}/default_template'),
  GetSdkTypes: on('GET', '/sdktypes'),
  GetSdkType: on('GET', '/sdktypes/{id}'),
  GetSdk: on('GET', '/restapis/{restApiId}/stages/{stageName}/sdks/{sdkType}'),
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
  FlushStageCache: on('DELETE', '/restapis/{restApiId}/stages/{stageName}/cache/data'),
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
  CreateApiKey: (input, call) => [
    onPath(call, 'POST', '/apikeys'),
    ...taggingNew(call, '/apikeys/*', input.tags),
  ],
  GetApiKey: on('GET', '/apikeys/{apiKey}'),
  GetApiKeys: on('GET', '/apikeys'),
  UpdateApiKey: on('PATCH', '/apikeys/{apiKey}'),
  DeleteApiKey: on('DELETE', '/apikeys/{apiKey}'),
  ImportApiKeys: on('POST', '/apikeys'),
  CreateUsagePlan: (input, call) => [
    onPath(call, 'POST', '/usageplans'),
    ...taggingNew(call, '/usageplans/*', input.tags),
  ],
  GetUsagePlan: on('GET', '/usageplans/{usagePlanId}'),
  GetUsagePlans: on('GET', '/usageplans'),
  UpdateUsagePlan: on('PATCH', '/usageplans/{usagePlanId}'),
  DeleteUsagePlan: on('DELETE', '/usageplans/{usagePlanId}'),
  CreateUsagePlanKey: on('POST', '/usageplans/{usagePlanId}/keys'),
  GetUsagePlanKey: on('GET', '/usageplans/{usagePlanId}/keys/{keyId}'),
  GetUsagePlanKeys: on('GET', '/usageplans/{usagePlanId}/keys'),
  DeleteUsagePlanKey: on('DELETE', '/usageplans/{usagePlanId}/keys/{keyId}'),
  GetUsage: on('GET', '/usageplans/{usagePlanId}/usage'),
  UpdateUsage: on('PATCH', '/usageplans/{usagePlanId}/keys/{keyId}/usage'),
};

export default access;
