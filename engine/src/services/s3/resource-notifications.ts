import { createHash } from 'node:crypto';
import type { LambdaFunctionConfiguration, NotificationConfiguration } from '@aws-sdk/client-s3';
import { type Call, defineResource, isAwsError, notImplemented } from '../../kernel';
import { flag } from './resource-bucket-types';

/** What CDK's construct hands its Python function; done here, as AWS's needs Python. */
interface Properties {
  BucketName: string;
  NotificationConfiguration: NotificationConfiguration;
  Managed?: unknown;
  SkipDestinationValidation?: unknown;
}

/** With a managed bucket the configuration is all ours; else it is merged with what others put there. */
async function put(
  call: Call,
  stackId: string,
  properties: Properties,
  wanted: NotificationConfiguration | undefined,
): Promise<void> {
  for (const type of ['QueueConfigurations', 'TopicConfigurations'] as const) {
    if (wanted?.[type]?.length) throw notImplemented(`S3 notifications: ${type}`);
  }
  const managed = flag(properties.Managed ?? true);
  const others = managed
    ? {}
    : await call.invoke('s3', 'GetBucketNotificationConfiguration', { Bucket: properties.BucketName });
  const ours = `${stackId}-`;
  const kept = (others.LambdaFunctionConfigurations ?? []).filter((one) => !one.Id?.startsWith(ours));
  const lambdas = (wanted?.LambdaFunctionConfigurations ?? []).map((one) =>
    managed ? one : { ...one, Id: `${ours}${digest(one)}` },
  );
  const bridge = wanted?.EventBridgeConfiguration ?? others.EventBridgeConfiguration;
  await call.invoke('s3', 'PutBucketNotificationConfiguration', {
    Bucket: properties.BucketName,
    NotificationConfiguration: {
      LambdaFunctionConfigurations: [...kept, ...lambdas],
      ...(bridge ? { EventBridgeConfiguration: {} } : {}),
    },
    SkipDestinationValidation: flag(properties.SkipDestinationValidation ?? false),
  });
}

function digest(configuration: LambdaFunctionConfiguration): string {
  return createHash('sha256').update(JSON.stringify(configuration)).digest('hex').slice(0, 16);
}

export const bucketNotificationsResource = defineResource<Properties>({
  type: 'Custom::S3BucketNotifications',
  properties: {
    ServiceToken: true,
    ServiceTimeout: true,
    BucketName: true,
    NotificationConfiguration: true,
    Managed: true,
    SkipDestinationValidation: true,
  },

  async create({ call, stackId, logicalId, properties }) {
    await put(call, stackId, properties, properties.NotificationConfiguration);
    return { physicalId: logicalId };
  },

  async update({ call, stackId, physicalId, properties }) {
    await put(call, stackId, properties, properties.NotificationConfiguration);
    return { physicalId };
  },

  async delete({ call, stackId, properties }) {
    try {
      await put(call, stackId, properties, undefined);
    } catch (error) {
      if (!isAwsError(error, 'NoSuchBucket')) throw error;
    }
  },
});
