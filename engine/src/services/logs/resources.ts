import { defineResource, isAwsError, whileMaking } from '../../kernel';

type Tags = readonly { Key: string; Value: string }[];

const record = (...lists: (Tags | undefined)[]) =>
  Object.fromEntries(lists.flatMap((list) => (list ?? []).map(({ Key, Value }) => [Key, Value])));

async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
  }
}

interface LogGroupProperties {
  LogGroupName?: string;
  RetentionInDays?: number | string;
  KmsKeyId?: string;
  LogGroupClass?: 'STANDARD' | 'INFREQUENT_ACCESS' | 'DELIVERY';
  Tags?: Tags;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
const logGroup = defineResource<LogGroupProperties>({
  type: 'AWS::Logs::LogGroup',
  properties: { LogGroupName: true, RetentionInDays: true, KmsKeyId: true, LogGroupClass: true, Tags: true },
  async create({ call, properties, tags, name }) {
    const logGroupName = properties.LogGroupName ?? name({ maxLength: 512 });
    const all = record(tags, properties.Tags);
    await call.invoke('logs', 'CreateLogGroup', {
      logGroupName,
      ...(properties.KmsKeyId === undefined ? {} : { kmsKeyId: properties.KmsKeyId }),
      ...(properties.LogGroupClass === undefined ? {} : { logGroupClass: properties.LogGroupClass }),
      ...(Object.keys(all).length ? { tags: all } : {}),
    });
    if (properties.RetentionInDays !== undefined) {
      const retentionInDays = Number(properties.RetentionInDays);
      await whileMaking(logGroupName, () =>
        call.invoke('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays }),
      );
    }
    return { physicalId: logGroupName, attributes: { Arn: arnOf(call, logGroupName) } };
  },
  async update({ call, properties, previous, tags, physicalId: logGroupName, attributes }) {
    if (properties.KmsKeyId !== previous.KmsKeyId)
      throw new Error('KmsKeyId of a log group cannot be changed here yet');
    if (properties.RetentionInDays === undefined) {
      if (previous.RetentionInDays !== undefined)
        await call.invoke('logs', 'DeleteRetentionPolicy', { logGroupName });
    } else {
      const retentionInDays = Number(properties.RetentionInDays);
      await call.invoke('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
    }
    const resourceArn = String(attributes.Arn).replace(/:\*$/, '');
    const now = record(tags, properties.Tags);
    const tagKeys = Object.keys(record(previous.Tags)).filter((key) => !(key in now));
    if (tagKeys.length) await call.invoke('logs', 'UntagResource', { resourceArn, tagKeys });
    if (Object.keys(now).length) await call.invoke('logs', 'TagResource', { resourceArn, tags: now });
    return { physicalId: logGroupName, attributes: { ...attributes } };
  },
  delete: ({ call, physicalId }) =>
    unlessGone(call.invoke('logs', 'DeleteLogGroup', { logGroupName: physicalId })),
});

function arnOf(call: { account: string; region: string }, name: string): string {
  return `arn:aws:logs:${call.region}:${call.account}:log-group:${name}:*`;
}

interface LogStreamProperties {
  LogGroupName: string;
  LogStreamName?: string;
}

const logStream = defineResource<LogStreamProperties>({
  type: 'AWS::Logs::LogStream',
  properties: { LogGroupName: true, LogStreamName: true },
  async create({ call, properties, name }) {
    const logStreamName = properties.LogStreamName ?? name({ maxLength: 512 });
    await call.invoke('logs', 'CreateLogStream', { logGroupName: properties.LogGroupName, logStreamName });
    return { physicalId: logStreamName };
  },
  delete: ({ call, physicalId, properties }) =>
    unlessGone(
      call.invoke('logs', 'DeleteLogStream', {
        logGroupName: properties.LogGroupName,
        logStreamName: physicalId,
      }),
    ),
});

export default [logGroup, logStream];
