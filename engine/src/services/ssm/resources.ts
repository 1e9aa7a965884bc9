import { AwsError, defineResource } from '../../kernel';
import { unlessGone } from '../../kernel/tags';
import type { ParameterType } from './store';

interface ParameterProperties {
  AllowedPattern?: string;
  DataType?: string;
  Description?: string;
  Name?: string;
  Tags?: Record<string, string>;
  Tier?: 'Standard' | 'Advanced' | 'Intelligent-Tiering';
  Type: ParameterType;
  Value: string;
}

function put(properties: ParameterProperties, name: string) {
  const { AllowedPattern, DataType, Description, Tier } = properties;
  // CloudFormation makes no secrets: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html
  if (properties.Type === 'SecureString')
    throw new AwsError('ValidationException', 'SecureString is not supported by CloudFormation');
  return {
    Name: name,
    Type: properties.Type,
    Value: String(properties.Value),
    ...(AllowedPattern === undefined ? {} : { AllowedPattern }),
    ...(DataType === undefined ? {} : { DataType }),
    ...(Description === undefined ? {} : { Description }),
    ...(Tier === undefined ? {} : { Tier }),
  };
}

function attributesOf(properties: ParameterProperties) {
  return { Type: properties.Type, Value: String(properties.Value) };
}

const parameter = defineResource<ParameterProperties>({
  type: 'AWS::SSM::Parameter',
  properties: {
    AllowedPattern: true,
    DataType: true,
    Description: true,
    Name: true,
    Tags: true,
    Tier: true,
    Type: true,
    Value: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const name = properties.Name ?? `CFN-${resource.name({ maxLength: 1_000 })}`;
    const tags = new Map(resource.tags.map((tag) => [tag.Key, tag.Value]));
    for (const [key, value] of Object.entries(properties.Tags ?? {})) tags.set(key, String(value));
    await call.invoke('ssm', 'PutParameter', {
      ...put(properties, name),
      Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
    });
    return { physicalId: name, attributes: attributesOf(properties) };
  },

  async update({ call, properties, previous, physicalId }) {
    await call.invoke('ssm', 'PutParameter', { ...put(properties, physicalId), Overwrite: true });
    const id = { ResourceType: 'Parameter' as const, ResourceId: physicalId };
    const tags = properties.Tags ?? {};
    const gone = Object.keys(previous.Tags ?? {}).filter((key) => !(key in tags));
    if (gone.length > 0) await call.invoke('ssm', 'RemoveTagsFromResource', { ...id, TagKeys: gone });
    const set = Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) }));
    if (set.length > 0) await call.invoke('ssm', 'AddTagsToResource', { ...id, Tags: set });
    return { physicalId, attributes: attributesOf(properties) };
  },

  async delete({ call, physicalId }) {
    await unlessGone(call.invoke('ssm', 'DeleteParameter', { Name: physicalId }), 'ParameterNotFound');
  },
});

export default [parameter];
