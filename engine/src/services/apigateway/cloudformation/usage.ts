import type { PatchOperation, ThrottleSettings } from '@aws-sdk/client-api-gateway';
import { defineResource, isAwsError } from '../../../kernel';
import { add, bool, gone, num, pointer, remove, replace, retag, tagMap } from './values';

interface Tagged {
  Tags?: { Key: string; Value: string }[];
}

interface KeyProperties extends Tagged {
  Name?: string;
  Description?: string;
  Enabled?: boolean;
  CustomerId?: string;
  Value?: string;
  GenerateDistinctId?: boolean;
  StageKeys?: { RestApiId: string; StageName: string }[];
}

const key = (id: string) => ({ physicalId: id, attributes: { APIKeyId: id } });

export const apiKey = defineResource<KeyProperties>({
  type: 'AWS::ApiGateway::ApiKey',
  properties: {
    Name: true,
    Description: true,
    Enabled: true,
    CustomerId: true,
    Value: true,
    GenerateDistinctId: true,
    StageKeys: { RestApiId: true, StageName: true },
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const { id = '' } = await call.invoke('apigateway', 'CreateApiKey', {
      name: properties.Name ?? context.name(),
      description: properties.Description,
      enabled: bool(properties.Enabled),
      customerId: properties.CustomerId,
      value: properties.Value,
      generateDistinctId: bool(properties.GenerateDistinctId),
      stageKeys: properties.StageKeys?.map(({ RestApiId, StageName }) => ({
        restApiId: RestApiId,
        stageName: StageName,
      })),
      tags: tagMap(context.tags, properties.Tags),
    });
    return key(id);
  },
  async update(context) {
    const { call, physicalId, properties } = context;
    await call.invoke('apigateway', 'UpdateApiKey', {
      apiKey: physicalId,
      patchOperations: [
        replace('/description', properties.Description ?? ''),
        replace('/enabled', String(bool(properties.Enabled) ?? false)),
        replace('/customerId', properties.CustomerId ?? ''),
      ],
    });
    await retag(call, `/apikeys/${physicalId}`, tagMap(context.tags, properties.Tags));
    return key(physicalId);
  },
  async delete({ call, physicalId }) {
    await gone(call.invoke('apigateway', 'DeleteApiKey', { apiKey: physicalId }));
  },
});

interface Limits {
  BurstLimit?: number;
  RateLimit?: number;
}

interface PlanStage {
  ApiId: string;
  Stage: string;
  Throttle?: Record<string, Limits>;
}

interface PlanProperties extends Tagged {
  UsagePlanName?: string;
  Description?: string;
  ApiStages?: PlanStage[];
  Quota?: { Limit?: number; Offset?: number; Period?: 'DAY' | 'WEEK' | 'MONTH' };
  Throttle?: Limits;
}

const limits = (throttle: Limits | undefined): ThrottleSettings | undefined =>
  throttle && { burstLimit: num(throttle.BurstLimit), rateLimit: num(throttle.RateLimit) };

const stagesOf = (properties: PlanProperties) =>
  properties.ApiStages?.map(({ ApiId, Stage, Throttle }) => ({
    apiId: ApiId,
    stage: Stage,
    ...(Throttle
      ? {
          throttle: Object.fromEntries(
            Object.entries(Throttle).map(([name, one]) => [name, limits(one) ?? {}]),
          ),
        }
      : {}),
  }));

export const usagePlan = defineResource<PlanProperties>({
  type: 'AWS::ApiGateway::UsagePlan',
  properties: {
    UsagePlanName: true,
    Description: true,
    ApiStages: { ApiId: true, Stage: true, Throttle: true },
    Quota: { Limit: true, Offset: true, Period: true },
    Throttle: { BurstLimit: true, RateLimit: true },
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const { Quota: quota } = properties;
    const { id = '' } = await call.invoke('apigateway', 'CreateUsagePlan', {
      name: properties.UsagePlanName ?? context.name(),
      description: properties.Description,
      apiStages: stagesOf(properties),
      quota: quota && { limit: num(quota.Limit), offset: num(quota.Offset), period: quota.Period },
      throttle: limits(properties.Throttle),
      tags: tagMap(context.tags, properties.Tags),
    });
    return { physicalId: id, attributes: { Id: id } };
  },
  async update(context) {
    const { call, physicalId, previous, properties } = context;
    const patchOperations = [...removed(previous, properties), ...wanted(properties)];
    await call.invoke('apigateway', 'UpdateUsagePlan', { usagePlanId: physicalId, patchOperations });
    await retag(call, `/usageplans/${physicalId}`, tagMap(context.tags, properties.Tags));
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete({ call, physicalId }) {
    try {
      const { apiStages } = await call.invoke('apigateway', 'GetUsagePlan', { usagePlanId: physicalId });
      const patchOperations = (apiStages ?? []).map(({ apiId, stage }) => stagePatch('remove', apiId, stage));
      await call.invoke('apigateway', 'UpdateUsagePlan', { usagePlanId: physicalId, patchOperations });
      await call.invoke('apigateway', 'DeleteUsagePlan', { usagePlanId: physicalId });
    } catch (error) {
      if (!isAwsError(error, 'NotFoundException')) throw error;
    }
  },
});

const stagePatch = (op: 'add' | 'remove', apiId = '', stage = ''): PatchOperation => ({
  op,
  path: '/apiStages',
  value: `${apiId}:${stage}`,
});

const nameOf = ({ ApiId, Stage }: PlanStage) => `${ApiId}:${Stage}`;

function removed(before: PlanProperties, after: PlanProperties): PatchOperation[] {
  const kept = new Map((after.ApiStages ?? []).map((stage) => [nameOf(stage), stage]));
  return [
    ...(before.Quota && !after.Quota ? [remove('/quota')] : []),
    ...(before.Throttle && !after.Throttle ? [remove('/throttle')] : []),
    ...(before.ApiStages ?? []).flatMap((stage) => {
      const next = kept.get(nameOf(stage));
      if (!next) return [stagePatch('remove', stage.ApiId, stage.Stage)];
      return stage.Throttle ? [remove(`/apiStages/${nameOf(stage)}/throttle`)] : [];
    }),
  ];
}

function wanted(properties: PlanProperties): PatchOperation[] {
  const { Quota: quota, Throttle: throttle } = properties;
  const of = (path: string, value: unknown) => (value === undefined ? [] : [replace(path, String(value))]);
  return [
    ...of('/name', properties.UsagePlanName),
    replace('/description', properties.Description ?? ''),
    ...of('/quota/limit', quota?.Limit),
    ...of('/quota/offset', quota?.Offset),
    ...of('/quota/period', quota?.Period),
    ...of('/throttle/burstLimit', throttle?.BurstLimit),
    ...of('/throttle/rateLimit', throttle?.RateLimit),
    ...(properties.ApiStages ?? []).flatMap((stage) => [
      add('/apiStages', nameOf(stage)),
      ...Object.entries(stage.Throttle ?? {}).flatMap(([name, one]) => {
        const cut = name.lastIndexOf('/');
        const at = `/apiStages/${nameOf(stage)}/throttle/${pointer(name.slice(0, cut))}/${name.slice(cut + 1)}`;
        return [...of(`${at}/burstLimit`, one.BurstLimit), ...of(`${at}/rateLimit`, one.RateLimit)];
      }),
    ]),
  ];
}

interface PlanKeyProperties {
  KeyId: string;
  KeyType: string;
  UsagePlanId: string;
}

export const usagePlanKey = defineResource<PlanKeyProperties>({
  type: 'AWS::ApiGateway::UsagePlanKey',
  properties: { KeyId: true, KeyType: true, UsagePlanId: true },
  async create({ call, properties }) {
    await call.invoke('apigateway', 'CreateUsagePlanKey', {
      usagePlanId: properties.UsagePlanId,
      keyId: properties.KeyId,
      keyType: properties.KeyType,
    });
    const id = `${properties.KeyId}:${properties.UsagePlanId}`;
    return { physicalId: id, attributes: { Id: id } };
  },
  // All of its properties replace it: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-usageplankey.html
  async update({ physicalId }) {
    return { physicalId, attributes: { Id: physicalId } };
  },
  async delete({ call, properties }) {
    const where = { usagePlanId: properties.UsagePlanId, keyId: properties.KeyId };
    await gone(call.invoke('apigateway', 'DeleteUsagePlanKey', where));
  },
});
