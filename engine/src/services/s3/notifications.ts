import type { LambdaFunctionConfiguration, NotificationConfigurationFilter } from '@aws-sdk/client-s3';
import { type Call, isAwsError, notImplemented, type Operation, parseArn } from '../../kernel';
import { changeBucket, openBucket } from './access';
import { invalidArgument, malformedXml, s3Error } from './errors';
import { notifierOf } from './notify';
import type { Bucket } from './records';

const DELIVERED = new Set([
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectTagging:*',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
  's3:ObjectAcl:Put',
]);

/** These never happen here, so nothing is missed where someone subscribes to them. */
const NEVER =
  /^s3:(ReducedRedundancyLostObject|ObjectRestore:|Replication:|LifecycleTransition|IntelligentTiering)/;

function checkFilter(
  filter: NotificationConfigurationFilter | undefined,
): NotificationConfigurationFilter | undefined {
  const rules = filter?.Key?.FilterRules;
  if (!rules) return undefined;
  const seen = new Set<string>();
  const named = rules.map(({ Name: name, Value: value }) => {
    const kind = name?.toLowerCase();
    if (kind !== 'prefix' && kind !== 'suffix') {
      throw invalidArgument(
        'filter rule name must be either prefix or suffix',
        'FilterRule.Name',
        name ?? null,
      );
    }
    if (seen.has(kind)) {
      throw invalidArgument(
        `Cannot specify more than one ${kind} rule in a filter.`,
        'FilterRule.Name',
        kind,
      );
    }
    seen.add(kind);
    return { Name: (kind === 'prefix' ? 'Prefix' : 'Suffix') as 'prefix', Value: value ?? '' };
  });
  return { Key: { FilterRules: named } };
}

function checkLambda(call: Call, configuration: LambdaFunctionConfiguration): LambdaFunctionConfiguration {
  const { LambdaFunctionArn: target, Events: events } = configuration;
  if (!target || !events?.length) throw malformedXml();
  const parsed = parseArn(target);
  if (parsed?.service !== 'lambda') {
    throw invalidArgument('The ARN could not be parsed', 'CloudFunction', target);
  }
  for (const event of events) {
    if (DELIVERED.has(event) || NEVER.test(event)) continue;
    if (/^s3:(LifecycleExpiration|TestEvent)/.test(event))
      throw notImplemented(`S3 notifications of ${event}`);
    throw invalidArgument('The event is not supported for notifications', 'Event', event);
  }
  const filter = checkFilter(configuration.Filter);
  return {
    Id: configuration.Id ?? call.ids.uuid(),
    LambdaFunctionArn: target,
    Events: events,
    ...(filter ? { Filter: filter } : {}),
  };
}

/** What is wrong with a function as a destination, if anything is. */
async function fault(call: Call, bucket: Bucket, target: string): Promise<string | undefined> {
  const place = { account: parseArn(target)?.account ?? bucket.account, region: bucket.region };
  try {
    // Who may not invoke a function is told all the same that there is none.
    const itself = call.parts.identity.servicePrincipal('s3.amazonaws.com', bucket.account);
    await call.invoke(
      'lambda',
      'GetFunctionConfiguration',
      { FunctionName: target },
      { as: itself, ...place },
    );
    const input = { FunctionName: target, InvocationType: 'DryRun' } as const;
    await call.invoke('lambda', 'Invoke', input, { as: notifierOf(call, bucket), ...place });
    return undefined;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return 'The destination Lambda does not exist';
    if (isAwsError(error, 'AccessDeniedException')) return `Not authorized to invoke function [${target}]`;
    throw error;
  }
}

/** S3 asks whether it may invoke the function before it takes the configuration. */
async function checkInvocable(call: Call, bucket: Bucket, targets: string[]): Promise<void> {
  const refused: Record<string, string> = {};
  let count = 0;
  for (const target of new Set(targets)) {
    const found = await fault(call, bucket, target);
    if (found === undefined) continue;
    count++;
    refused[`ArgumentName${count}`] = target;
    refused[`ArgumentValue${count}`] = found;
  }
  if (count > 0) {
    throw s3Error(
      'InvalidArgument',
      400,
      'Unable to validate the following destination configurations',
      refused,
    );
  }
}

export const putBucketNotificationConfiguration: Operation<
  's3',
  'PutBucketNotificationConfiguration'
> = async (input, call) => {
  const bucket = openBucket(call, input);
  const asked = input.NotificationConfiguration;
  for (const queue of asked?.QueueConfigurations ?? []) {
    checkFilter(queue.Filter);
    if (parseArn(queue.QueueArn ?? '')?.service !== 'sqs') {
      throw invalidArgument('The ARN could not be parsed', 'Queue', queue.QueueArn ?? null);
    }
  }
  for (const topic of asked?.TopicConfigurations ?? []) {
    checkFilter(topic.Filter);
    if (parseArn(topic.TopicArn ?? '')?.service !== 'sns') {
      throw invalidArgument('The ARN could not be parsed', 'Topic', topic.TopicArn ?? null);
    }
  }
  if (asked?.QueueConfigurations?.length) throw notImplemented('S3 notifications to SQS');
  if (asked?.TopicConfigurations?.length) throw notImplemented('S3 notifications to SNS');
  const lambdas = (asked?.LambdaFunctionConfigurations ?? []).map((one) => checkLambda(call, one));
  const ids = lambdas.map((one) => one.Id);
  if (new Set(ids).size !== ids.length) {
    throw invalidArgument('Same ID used for multiple configurations. IDs must be unique', 'ID');
  }
  if (!input.SkipDestinationValidation) {
    await checkInvocable(
      call,
      bucket,
      lambdas.map((one) => one.LambdaFunctionArn ?? ''),
    );
  }
  // Events for EventBridge go to a bus on which no rule can be made yet: nobody can miss them.
  const bridge = asked?.EventBridgeConfiguration;
  changeBucket(call, bucket, {
    notification: {
      ...(lambdas.length > 0 ? { LambdaFunctionConfigurations: lambdas } : {}),
      ...(bridge ? { EventBridgeConfiguration: {} } : {}),
    },
  });
  return {};
};

export const getBucketNotificationConfiguration: Operation<'s3', 'GetBucketNotificationConfiguration'> = (
  input,
  call,
) => ({ ...openBucket(call, input).notification });
