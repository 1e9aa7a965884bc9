import type {
  ContentHandlingStrategy,
  IntegrationType,
  ResponseTransferMode,
} from '@aws-sdk/client-api-gateway';
import { type Call, defineResource } from '../../../kernel';
import { bool, flags, gone, num, texts } from './values';

interface Properties {
  RestApiId: string;
  ResourceId: string;
  HttpMethod: string;
  AuthorizationType?: string;
  AuthorizerId?: string;
  AuthorizationScopes?: string[];
  ApiKeyRequired?: boolean;
  OperationName?: string;
  RequestParameters?: Record<string, boolean>;
  RequestModels?: Record<string, string>;
  RequestValidatorId?: string;
  MethodResponses?: {
    StatusCode: string;
    ResponseModels?: Record<string, string>;
    ResponseParameters?: Record<string, boolean>;
  }[];
  Integration?: {
    Type: IntegrationType;
    Uri?: string;
    IntegrationHttpMethod?: string;
    ConnectionType?: 'INTERNET' | 'VPC_LINK';
    CacheKeyParameters?: string[];
    CacheNamespace?: string;
    ContentHandling?: ContentHandlingStrategy;
    Credentials?: string;
    PassthroughBehavior?: string;
    RequestParameters?: Record<string, string>;
    RequestTemplates?: Record<string, string>;
    ResponseTransferMode?: ResponseTransferMode;
    TimeoutInMillis?: number;
    IntegrationResponses?: {
      StatusCode: string;
      ContentHandling?: ContentHandlingStrategy;
      SelectionPattern?: string;
      ResponseParameters?: Record<string, string>;
      ResponseTemplates?: Record<string, string>;
    }[];
  };
}

export const method = defineResource<Properties>({
  type: 'AWS::ApiGateway::Method',
  properties: {
    RestApiId: true,
    ResourceId: true,
    HttpMethod: true,
    AuthorizationType: true,
    AuthorizerId: true,
    AuthorizationScopes: true,
    ApiKeyRequired: true,
    OperationName: true,
    RequestParameters: true,
    RequestModels: true,
    RequestValidatorId: true,
    MethodResponses: { StatusCode: true, ResponseModels: true, ResponseParameters: true },
    Integration: {
      Type: true,
      Uri: true,
      IntegrationHttpMethod: true,
      ConnectionType: true,
      CacheKeyParameters: true,
      CacheNamespace: true,
      ContentHandling: true,
      Credentials: true,
      PassthroughBehavior: true,
      RequestParameters: true,
      RequestTemplates: true,
      ResponseTransferMode: true,
      TimeoutInMillis: true,
      IntegrationResponses: {
        StatusCode: true,
        ContentHandling: true,
        SelectionPattern: true,
        ResponseParameters: true,
        ResponseTemplates: true,
      },
    },
  },
  async create(context) {
    const { call, properties } = context;
    await put(call, properties);
    // What Ref gives says nothing to API Gateway; AWS makes up `stack-logic-RANDOM` too.
    return { physicalId: context.name({ maxLength: 64 }) };
  },
  async update({ call, physicalId, previous, properties }) {
    await removed(call, previous);
    await put(call, properties);
    return { physicalId };
  },
  async delete({ call, properties }) {
    await removed(call, properties);
  },
});

function removed(call: Call, { RestApiId, ResourceId, HttpMethod }: Properties): Promise<void> {
  const where = { restApiId: RestApiId, resourceId: ResourceId, httpMethod: HttpMethod };
  return gone(call.invoke('apigateway', 'DeleteMethod', where));
}

async function put(call: Call, properties: Properties): Promise<void> {
  const where = {
    restApiId: properties.RestApiId,
    resourceId: properties.ResourceId,
    httpMethod: properties.HttpMethod,
  };
  await call.invoke('apigateway', 'PutMethod', {
    ...where,
    authorizationType: properties.AuthorizationType ?? 'NONE',
    authorizerId: properties.AuthorizerId,
    authorizationScopes: properties.AuthorizationScopes,
    apiKeyRequired: bool(properties.ApiKeyRequired),
    operationName: properties.OperationName,
    requestParameters: flags(properties.RequestParameters),
    requestModels: properties.RequestModels,
    requestValidatorId: properties.RequestValidatorId,
  });
  for (const response of properties.MethodResponses ?? []) {
    await call.invoke('apigateway', 'PutMethodResponse', {
      ...where,
      statusCode: String(response.StatusCode),
      responseModels: response.ResponseModels,
      responseParameters: flags(response.ResponseParameters),
    });
  }
  if (properties.Integration) await putIntegration(call, where, properties.Integration);
}

async function putIntegration(
  call: Call,
  where: { restApiId: string; resourceId: string; httpMethod: string },
  integration: NonNullable<Properties['Integration']>,
): Promise<void> {
  await call.invoke('apigateway', 'PutIntegration', {
    ...where,
    type: integration.Type,
    uri: integration.Uri,
    integrationHttpMethod: integration.IntegrationHttpMethod,
    connectionType: integration.ConnectionType,
    cacheKeyParameters: integration.CacheKeyParameters,
    cacheNamespace: integration.CacheNamespace,
    contentHandling: integration.ContentHandling,
    credentials: integration.Credentials,
    passthroughBehavior: integration.PassthroughBehavior,
    requestParameters: texts(integration.RequestParameters),
    requestTemplates: texts(integration.RequestTemplates),
    responseTransferMode: integration.ResponseTransferMode,
    timeoutInMillis: num(integration.TimeoutInMillis),
  });
  for (const response of integration.IntegrationResponses ?? []) {
    await call.invoke('apigateway', 'PutIntegrationResponse', {
      ...where,
      statusCode: String(response.StatusCode),
      contentHandling: response.ContentHandling,
      selectionPattern: response.SelectionPattern,
      responseParameters: texts(response.ResponseParameters),
      responseTemplates: texts(response.ResponseTemplates),
    });
  }
}
