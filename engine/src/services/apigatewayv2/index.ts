import { customDomains } from '../../execute-api/domains/domains';
import { logDelivery } from '../../execute-api/seen/log-delivery';
import { httpApis } from '../../http-api/deployed';
import { defineService } from '../../kernel';
import { flushMeter } from '../../observe/metrics';
import * as mappings from './api-mappings';
import * as apis from './apis';
import * as authorizers from './authorizers';
import * as deployments from './deployments';
import * as domains from './domain-names';
import * as integrations from './integrations';
import { exportApi } from './openapi/export';
import { importApi, reimportApi } from './openapi/import';
import * as routes from './routes';
import { domainsOf, sourceOf } from './source';
import * as stages from './stages';
import * as tags from './tags';

/** HTTP APIs. It signs as `apigateway`, from which the gateway tells it by its paths, all of which are below /v2. */
export default defineService({
  name: 'apigatewayv2',
  operations: {
    CreateApi: apis.createApi,
    GetApi: apis.getApi,
    GetApis: apis.getApis,
    UpdateApi: apis.updateApi,
    DeleteApi: apis.deleteApi,
    DeleteCorsConfiguration: apis.deleteCorsConfiguration,
    ImportApi: importApi,
    ReimportApi: reimportApi,
    ExportApi: exportApi,
    CreateRoute: routes.createRoute,
    GetRoute: routes.getRoute,
    GetRoutes: routes.getRoutes,
    UpdateRoute: routes.updateRoute,
    DeleteRoute: routes.deleteRoute,
    CreateIntegration: integrations.createIntegration,
    GetIntegration: integrations.getIntegration,
    GetIntegrations: integrations.getIntegrations,
    UpdateIntegration: integrations.updateIntegration,
    DeleteIntegration: integrations.deleteIntegration,
    CreateAuthorizer: authorizers.createAuthorizer,
    GetAuthorizer: authorizers.getAuthorizer,
    GetAuthorizers: authorizers.getAuthorizers,
    UpdateAuthorizer: authorizers.updateAuthorizer,
    DeleteAuthorizer: authorizers.deleteAuthorizer,
    ResetAuthorizersCache: authorizers.resetAuthorizersCache,
    CreateStage: stages.createStage,
    GetStage: stages.getStage,
    GetStages: stages.getStages,
    UpdateStage: stages.updateStage,
    DeleteStage: stages.deleteStage,
    DeleteAccessLogSettings: stages.deleteAccessLogSettings,
    DeleteRouteSettings: stages.deleteRouteSettings,
    CreateDeployment: deployments.createDeployment,
    GetDeployment: deployments.getDeployment,
    GetDeployments: deployments.getDeployments,
    UpdateDeployment: deployments.updateDeployment,
    DeleteDeployment: deployments.deleteDeployment,
    CreateDomainName: domains.createDomainName,
    GetDomainName: domains.getDomainName,
    GetDomainNames: domains.getDomainNames,
    UpdateDomainName: domains.updateDomainName,
    DeleteDomainName: domains.deleteDomainName,
    CreateApiMapping: mappings.createApiMapping,
    GetApiMapping: mappings.getApiMapping,
    GetApiMappings: mappings.getApiMappings,
    UpdateApiMapping: mappings.updateApiMapping,
    DeleteApiMapping: mappings.deleteApiMapping,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    GetTags: tags.getTags,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start(host, stores) {
    httpApis(host).attach(sourceOf(stores));
    customDomains(host).attach('apigatewayv2', domainsOf(stores));
  },
  async stop(host) {
    await logDelivery(host).flush();
    await flushMeter(host);
  },
});
