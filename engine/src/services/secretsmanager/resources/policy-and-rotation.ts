import { defineResource, type ResourceContext } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import type { RotationRules } from '../store';

interface PolicyProperties {
  BlockPublicPolicy?: boolean | string;
  ResourcePolicy: unknown;
  SecretId: string;
}

async function putPolicy({ call, properties }: ResourceContext<PolicyProperties>): Promise<void> {
  const { ResourcePolicy, SecretId } = properties;
  await call.invoke('secretsmanager', 'PutResourcePolicy', {
    SecretId,
    ResourcePolicy: typeof ResourcePolicy === 'string' ? ResourcePolicy : JSON.stringify(ResourcePolicy),
    BlockPublicPolicy: String(properties.BlockPublicPolicy) === 'true',
  });
}

export const resourcePolicy = defineResource<PolicyProperties>({
  type: 'AWS::SecretsManager::ResourcePolicy',
  properties: { BlockPublicPolicy: true, ResourcePolicy: true, SecretId: true },

  async create(resource) {
    await putPolicy(resource);
    const { SecretId } = resource.properties;
    return { physicalId: SecretId, attributes: { Id: SecretId } };
  },

  async update(resource) {
    await putPolicy(resource);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('secretsmanager', 'DeleteResourcePolicy', { SecretId: physicalId }),
      'ResourceNotFoundException',
      'InvalidRequestException',
    );
  },
});

interface ScheduleProperties {
  RotateImmediatelyOnUpdate?: boolean | string;
  RotationLambdaARN?: string;
  RotationRules?: RotationRules;
  SecretId: string;
}

async function schedule({ call, properties }: ResourceContext<ScheduleProperties>): Promise<void> {
  const { RotationRules: rules } = properties;
  await call.invoke('secretsmanager', 'RotateSecret', {
    SecretId: properties.SecretId,
    ClientRequestToken: call.ids.uuid(),
    RotateImmediately: String(properties.RotateImmediatelyOnUpdate ?? true) === 'true',
    ...(properties.RotationLambdaARN === undefined
      ? {}
      : { RotationLambdaARN: properties.RotationLambdaARN }),
    ...(rules
      ? {
          RotationRules: {
            ...rules,
            ...(rules.AutomaticallyAfterDays === undefined
              ? {}
              : { AutomaticallyAfterDays: Number(rules.AutomaticallyAfterDays) }),
          },
        }
      : {}),
  });
}

export const rotationSchedule = defineResource<ScheduleProperties>({
  type: 'AWS::SecretsManager::RotationSchedule',
  properties: {
    RotateImmediatelyOnUpdate: true,
    RotationLambdaARN: true,
    RotationRules: { AutomaticallyAfterDays: true, Duration: true, ScheduleExpression: true },
    SecretId: true,
  },

  async create(resource) {
    await schedule(resource);
    const { SecretId } = resource.properties;
    return { physicalId: SecretId, attributes: { Id: SecretId } };
  },

  async update(resource) {
    await schedule(resource);
    return { physicalId: resource.physicalId, attributes: resource.attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(
      call.invoke('secretsmanager', 'CancelRotateSecret', { SecretId: physicalId }),
      'ResourceNotFoundException',
      'InvalidRequestException',
    );
  },
});
