import { deployedApis } from '../../execute-api/deployed';
import { privateDomains } from '../../execute-api/domains/private-domains';
import { usagePlans } from '../../execute-api/limits/usage-plans';
import { logDelivery } from '../../execute-api/seen/log-delivery';
import { defineService } from '../../kernel';
import { flushMeter } from '../../observe/metrics';
import { segmentDelivery } from '../../observe/tracing';
import * as account from './account';
import * as authorizers from './authorizers/authorizers';
import * as certificates from './client-certificates';
import * as documentation from './documentation/parts';
import * as documentationVersions from './documentation/versions';
import * as mappings from './domains/base-path-mappings';
import * as domainNames from './domains/domain-names';
import * as gatewayResponses from './gateway-responses';
import * as integrationResponses from './methods/integration-responses';
import * as integrations from './methods/integrations';
import * as methodResponses from './methods/method-responses';
import * as methods from './methods/methods';
import { getModelTemplate } from './models/model-template';
import * as models from './models/models';
import * as validators from './models/request-validators';
import { getExport } from './openapi/export';
import { importRestApi, putRestApi } from './openapi/import';
import * as associations from './private-domains/associations';
import { privateDomainsOf } from './private-domains/source';
import * as resources from './resources-operations';
import * as apis from './rest-apis/rest-apis';
import * as sdk from './sdk/operations';
import * as deployments from './stages/deployments';
import { flushStageCache } from './stages/stage-cache';
import { attachStageWebAcls } from './stages/stage-web-acls';
import * as stages from './stages/stages';
import { collections, identityOf, owners } from './store';
import * as tags from './tags';
import { testInvokeMethod } from './testing/test-invoke';
import { testInvokeAuthorizer } from './testing/test-invoke-authorizer';
import * as keys from './usage/api-keys';
import { importApiKeys } from './usage/import-api-keys';
import { usageSource } from './usage/source';
import * as usage from './usage/usage';
import * as planKeys from './usage/usage-plan-keys';
import * as plans from './usage/usage-plans';
import * as vpcLinks from './vpc-links';

export default defineService({
  name: 'apigateway',
  operations: {
    CreateRestApi: apis.createRestApi,
    GetRestApi: apis.getRestApi,
    GetRestApis: apis.getRestApis,
    UpdateRestApi: apis.updateRestApi,
    DeleteRestApi: apis.deleteRestApi,
    ImportRestApi: importRestApi,
    PutRestApi: putRestApi,
    GetExport: getExport,
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
    CreateAuthorizer: authorizers.createAuthorizer,
    GetAuthorizer: authorizers.getAuthorizer,
    GetAuthorizers: authorizers.getAuthorizers,
    UpdateAuthorizer: authorizers.updateAuthorizer,
    DeleteAuthorizer: authorizers.deleteAuthorizer,
    FlushStageAuthorizersCache: authorizers.flushStageAuthorizersCache,
    TestInvokeAuthorizer: testInvokeAuthorizer,
    PutGatewayResponse: gatewayResponses.putGatewayResponse,
    GetGatewayResponse: gatewayResponses.getGatewayResponse,
    GetGatewayResponses: gatewayResponses.getGatewayResponses,
    UpdateGatewayResponse: gatewayResponses.updateGatewayResponse,
    DeleteGatewayResponse: gatewayResponses.deleteGatewayResponse,
    CreateDocumentationPart: documentation.createDocumentationPart,
    GetDocumentationPart: documentation.getDocumentationPart,
    GetDocumentationParts: documentation.getDocumentationParts,
    UpdateDocumentationPart: documentation.updateDocumentationPart,
    DeleteDocumentationPart: documentation.deleteDocumentationPart,
    ImportDocumentationParts: documentation.importDocumentationParts,
    CreateDocumentationVersion: documentationVersions.createDocumentationVersion,
    GetDocumentationVersion: documentationVersions.getDocumentationVersion,
    GetDocumentationVersions: documentationVersions.getDocumentationVersions,
    UpdateDocumentationVersion: documentationVersions.updateDocumentationVersion,
    DeleteDocumentationVersion: documentationVersions.deleteDocumentationVersion,
    CreateDomainName: domainNames.createDomainName,
    GetDomainName: domainNames.getDomainName,
    GetDomainNames: domainNames.getDomainNames,
    UpdateDomainName: domainNames.updateDomainName,
    DeleteDomainName: domainNames.deleteDomainName,
    CreateBasePathMapping: mappings.createBasePathMapping,
    GetBasePathMapping: mappings.getBasePathMapping,
    GetBasePathMappings: mappings.getBasePathMappings,
    UpdateBasePathMapping: mappings.updateBasePathMapping,
    DeleteBasePathMapping: mappings.deleteBasePathMapping,
    CreateDomainNameAccessAssociation: associations.createDomainNameAccessAssociation,
    GetDomainNameAccessAssociations: associations.getDomainNameAccessAssociations,
    DeleteDomainNameAccessAssociation: associations.deleteDomainNameAccessAssociation,
    RejectDomainNameAccessAssociation: associations.rejectDomainNameAccessAssociation,
    GenerateClientCertificate: certificates.generateClientCertificate,
    GetClientCertificate: certificates.getClientCertificate,
    GetClientCertificates: certificates.getClientCertificates,
    UpdateClientCertificate: certificates.updateClientCertificate,
    DeleteClientCertificate: certificates.deleteClientCertificate,
    CreateVpcLink: vpcLinks.createVpcLink,
    GetVpcLink: vpcLinks.getVpcLink,
    GetVpcLinks: vpcLinks.getVpcLinks,
    UpdateVpcLink: vpcLinks.updateVpcLink,
    DeleteVpcLink: vpcLinks.deleteVpcLink,
    GetModelTemplate: getModelTemplate,
    GetSdkTypes: sdk.getSdkTypes,
    GetSdkType: sdk.getSdkType,
    GetSdk: sdk.getSdk,
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
    FlushStageCache: flushStageCache,
    GetAccount: account.getAccount,
    UpdateAccount: account.updateAccount,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    GetTags: tags.getTags,
    TestInvokeMethod: testInvokeMethod,
    CreateApiKey: keys.createApiKey,
    GetApiKey: keys.getApiKey,
    GetApiKeys: keys.getApiKeys,
    UpdateApiKey: keys.updateApiKey,
    DeleteApiKey: keys.deleteApiKey,
    ImportApiKeys: importApiKeys,
    CreateUsagePlan: plans.createUsagePlan,
    GetUsagePlan: plans.getUsagePlan,
    GetUsagePlans: plans.getUsagePlans,
    UpdateUsagePlan: plans.updateUsagePlan,
    DeleteUsagePlan: plans.deleteUsagePlan,
    CreateUsagePlanKey: planKeys.createUsagePlanKey,
    GetUsagePlanKey: planKeys.getUsagePlanKey,
    GetUsagePlanKeys: planKeys.getUsagePlanKeys,
    DeleteUsagePlanKey: planKeys.deleteUsagePlanKey,
    GetUsage: usage.getUsage,
    UpdateUsage: usage.updateUsage,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start(host, stores) {
    usagePlans(host).source = usageSource((account, region) => stores.of(account, region));
    attachStageWebAcls(host, stores);
    privateDomains(host).source = privateDomainsOf(stores);
    const worldOwners = owners(stores.of('-', '-'));
    deployedApis(host).attach((apiId, stageName) => {
      const owner = worldOwners.get(apiId);
      if (!owner) return undefined;
      const { apis, clientCertificates, snapshots, stages } = collections(
        stores.of(owner.account, owner.region),
      );
      const stage = stages.get([apiId, stageName]);
      const snapshot = stage && snapshots.get([apiId, stage.deploymentId]);
      const { deploymentId } = stage?.canarySettings ?? {};
      const canary = deploymentId ? snapshots.get([apiId, deploymentId]) : undefined;
      const vpcEndpointIds = apis.get(apiId)?.endpointConfiguration?.vpcEndpointIds;
      const certificate = clientCertificates.get(stage?.clientCertificateId ?? '');
      const more = {
        ...(vpcEndpointIds && { vpcEndpointIds }),
        ...(canary && { canary }),
        ...(certificate && { identity: identityOf(certificate) }),
      };
      return stage && snapshot && { ...owner, stage, snapshot, ...more };
    });
  },
  async stop(host) {
    await logDelivery(host).flush();
    await flushMeter(host);
    await segmentDelivery(host).flush();
  },
});
