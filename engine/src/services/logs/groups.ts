import type { LogGroup as LogGroupOutput } from '@aws-sdk/client-cloudwatch-logs';
import {
  AwsError,
  arn as buildArn,
  type Call,
  isAwsError,
  notImplemented,
  type Operation,
} from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { invalidParameter, invalidToken, type LogGroup, logsStore, requireGroup } from './store';

const MAX_TAGS = 50;
/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export function groupArn(name: string, call: Pick<Call, 'account' | 'region'>): string {
  return buildArn('logs', call.region, call.account, `log-group:${name}`);
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const createLogGroup: Operation<'logs', 'CreateLogGroup'> = async (input, call) => {
  if (input.deletionProtectionEnabled) throw notImplemented('CloudWatch Logs deletion protection');
  const name = input.logGroupName!;
  if (input.kmsKeyId !== undefined) await checkKey(input.kmsKeyId, call);
  const tags = input.tags ?? {};
  if (Object.keys(tags).length > MAX_TAGS) throw invalidParameter('The maximum number of tags is 50.');
  const { groups } = logsStore(call.store);
  if (groups.has(name)) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists', {
      status: 400,
    });
  }
  groups.put(name, {
    name,
    created: call.clock.millis(),
    logGroupClass: input.logGroupClass ?? 'STANDARD',
    ...(input.kmsKeyId === undefined ? {} : { kmsKeyId: input.kmsKeyId }),
    tags,
  });
  return {};
};

async function checkKey(keyId: string, call: Call): Promise<void> {
  try {
    await call.invoke('kms', 'DescribeKey', { KeyId: keyId });
  } catch (error) {
    if (!isAwsError(error) || error.status === 501) throw error;
    throw invalidParameter(`The specified KMS Key Id could not be found: ${error.message}`);
  }
}

export const deleteLogGroup: Operation<'logs', 'DeleteLogGroup'> = (input, call) => {
  const { name } = requireGroup(input.logGroupName!, call);
  const store = logsStore(call.store);
  store.transaction(() => {
    for (const stream of [...store.streams.values({ prefix: [name] })])
      store.events.clear({ prefix: [stream.uid] });
    store.streams.clear({ prefix: [name] });
    store.sizes.remove(name);
    store.groups.remove(name);
  });
  return {};
};

function presented(group: LogGroup, call: Call): LogGroupOutput {
  const arn = groupArn(group.name, call);
  return {
    logGroupName: group.name,
    creationTime: group.created,
    ...(group.retentionDays === undefined ? {} : { retentionInDays: group.retentionDays }),
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes: logsStore(call.store).sizes.get(group.name) ?? 0,
    ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
    logGroupClass: group.logGroupClass,
    logGroupArn: arn,
    deletionProtectionEnabled: false,
  };
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const describeLogGroups: Operation<'logs', 'DescribeLogGroups'> = (input, call) => {
  if (input.includeLinkedAccounts)
    throw notImplemented('CloudWatch Logs DescribeLogGroups includeLinkedAccounts');
  if (input.accountIdentifiers?.length)
    throw notImplemented('CloudWatch Logs DescribeLogGroups accountIdentifiers');
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.',
    );
  }
  const named =
    input.logGroupIdentifiers &&
    new Set(input.logGroupIdentifiers.map((each) => each.split(':log-group:').at(-1)));
  const page = pageOf(logsStore(call.store).groups, {
    limit: input.limit ?? 50,
    token: input.nextToken,
    keep: (group) =>
      (prefix === undefined || group.name.startsWith(prefix)) &&
      (pattern === undefined || group.name.toLowerCase().includes(pattern.toLowerCase())) &&
      (named === undefined || named.has(group.name)) &&
      (input.logGroupClass === undefined || group.logGroupClass === input.logGroupClass),
    invalidToken,
  });
  return {
    logGroups: page.items.map((group) => presented(group, call)),
    ...(page.next === undefined ? {} : { nextToken: page.next }),
  };
};

export const putRetentionPolicy: Operation<'logs', 'PutRetentionPolicy'> = (input, call) => {
  const group = requireGroup(input.logGroupName!, call);
  const days = input.retentionInDays!;
  if (!RETENTION.has(days)) {
    throw invalidParameter(
      `1 validation error detected: Value '${days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${[...RETENTION].join(', ')}]`,
    );
  }
  logsStore(call.store).groups.put(group.name, { ...group, retentionDays: days });
  return {};
};

export const deleteRetentionPolicy: Operation<'logs', 'DeleteRetentionPolicy'> = (input, call) => {
  const { retentionDays: _gone, ...group } = requireGroup(input.logGroupName!, call);
  logsStore(call.store).groups.put(group.name, group);
  return {};
};
