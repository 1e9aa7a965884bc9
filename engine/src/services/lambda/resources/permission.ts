import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';

interface PermissionProperties {
  Action: string;
  FunctionName: string;
  Principal: string;
  SourceArn?: string;
  SourceAccount?: string;
  EventSourceToken?: string;
  PrincipalOrgID?: string;
  FunctionUrlAuthType?: 'NONE' | 'AWS_IAM';
  InvokedViaFunctionUrl?: boolean | string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
export const permission = defineResource<PermissionProperties>({
  type: 'AWS::Lambda::Permission',
  properties: {
    Action: true,
    FunctionName: true,
    Principal: true,
    SourceArn: true,
    SourceAccount: true,
    EventSourceToken: true,
    PrincipalOrgID: true,
    FunctionUrlAuthType: true,
    InvokedViaFunctionUrl: true,
  },
  async create({ call, properties, name }) {
    const StatementId = name({ maxLength: 100 });
    const { InvokedViaFunctionUrl: viaUrl, ...rest } = properties;
    await call.invoke('lambda', 'AddPermission', {
      ...rest,
      StatementId,
      ...(viaUrl === undefined ? {} : { InvokedViaFunctionUrl: String(viaUrl) === 'true' }),
    });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  async delete({ call, physicalId, properties }) {
    await unlessGone(
      call.invoke('lambda', 'RemovePermission', {
        FunctionName: properties.FunctionName,
        StatementId: physicalId,
      }),
      'ResourceNotFoundException',
    );
  },
});

interface LayerPermissionProperties {
  Action: string;
  LayerVersionArn: string;
  Principal: string;
  OrganizationId?: string;
}

/** `arn:…:layer:name:3` as operations take it. */
function layerOf(arn: string) {
  const parts = arn.split(':');
  return { LayerName: parts.slice(0, -1).join(':'), VersionNumber: Number(parts.at(-1)) };
}

export const layerPermission = defineResource<LayerPermissionProperties>({
  type: 'AWS::Lambda::LayerVersionPermission',
  properties: { Action: true, LayerVersionArn: true, Principal: true, OrganizationId: true },
  async create({ call, properties, name }) {
    const StatementId = name({ maxLength: 100 });
    const { LayerVersionArn, ...rest } = properties;
    await call.invoke('lambda', 'AddLayerVersionPermission', {
      ...rest,
      ...layerOf(LayerVersionArn),
      StatementId,
    });
    const id = `${LayerVersionArn}#${StatementId}`;
    return { physicalId: id, attributes: { Id: id } };
  },
  async delete({ call, physicalId, properties }) {
    const StatementId = physicalId.split('#').at(-1);
    await unlessGone(
      call.invoke('lambda', 'RemoveLayerVersionPermission', {
        ...layerOf(properties.LayerVersionArn),
        StatementId,
      }),
      'ResourceNotFoundException',
    );
  },
});
