import type { AuthorizerType, PatchOperation } from '@aws-sdk/client-api-gateway';
import { defineResource } from '../../../kernel';
import { add, gone, num, remove, replace } from './values';

interface Properties {
  RestApiId: string;
  Name: string;
  Type: AuthorizerType;
  AuthType?: string;
  AuthorizerCredentials?: string;
  AuthorizerResultTtlInSeconds?: number;
  AuthorizerUri?: string;
  IdentitySource?: string;
  IdentityValidationExpression?: string;
  ProviderARNs?: string[];
}

const provisioned = (id: string) => ({ physicalId: id, attributes: { AuthorizerId: id } });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-apigateway-authorizer.html */
export const authorizer = defineResource<Properties>({
  type: 'AWS::ApiGateway::Authorizer',
  properties: {
    RestApiId: true,
    Name: true,
    Type: true,
    AuthType: true,
    AuthorizerCredentials: true,
    AuthorizerResultTtlInSeconds: true,
    AuthorizerUri: true,
    IdentitySource: true,
    IdentityValidationExpression: true,
    ProviderARNs: true,
  },
  async create({ call, properties }) {
    const { id = '' } = await call.invoke('apigateway', 'CreateAuthorizer', {
      restApiId: properties.RestApiId,
      name: properties.Name,
      type: properties.Type,
      authType: properties.AuthType,
      authorizerCredentials: properties.AuthorizerCredentials,
      authorizerResultTtlInSeconds: num(properties.AuthorizerResultTtlInSeconds),
      authorizerUri: properties.AuthorizerUri,
      identitySource: properties.IdentitySource,
      identityValidationExpression: properties.IdentityValidationExpression,
      providerARNs: properties.ProviderARNs,
    });
    return provisioned(id);
  },
  async update({ call, physicalId, previous, properties }) {
    await call.invoke('apigateway', 'UpdateAuthorizer', {
      restApiId: properties.RestApiId,
      authorizerId: physicalId,
      patchOperations: changes(previous, properties),
    });
    return provisioned(physicalId);
  },
  async delete({ call, physicalId, properties }) {
    const where = { restApiId: properties.RestApiId, authorizerId: physicalId };
    await gone(call.invoke('apigateway', 'DeleteAuthorizer', where));
  },
});

/** API Gateway's own defaults stand where a template no longer says anything. */
const PATHS: readonly [keyof Properties, path: string, byDefault: string][] = [
  ['Name', '/name', ''],
  ['Type', '/type', ''],
  ['AuthType', '/authType', 'custom'],
  ['AuthorizerCredentials', '/authorizerCredentials', ''],
  ['AuthorizerResultTtlInSeconds', '/authorizerResultTtlInSeconds', '300'],
  ['AuthorizerUri', '/authorizerUri', ''],
  ['IdentitySource', '/identitySource', ''],
  ['IdentityValidationExpression', '/identityValidationExpression', ''],
];

function changes(before: Properties, after: Properties): PatchOperation[] {
  const replaced = PATHS.filter(([name]) => String(before[name]) !== String(after[name])).map(
    ([name, path, byDefault]) => replace(path, String(after[name] ?? byDefault)),
  );
  const old = before.ProviderARNs ?? [];
  const wanted = after.ProviderARNs ?? [];
  return [
    ...replaced,
    ...wanted.filter((one) => !old.includes(one)).map((one) => add('/providerARNs', one)),
    ...old.filter((one) => !wanted.includes(one)).map((one) => ({ ...remove('/providerARNs'), value: one })),
  ];
}
