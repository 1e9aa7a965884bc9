import { type Access, arn, type Call, type Needed, parseArn } from '../../kernel';
import { logsStore } from './store';

const anywhere = (action: string) => (): Needed => ({
  action: `logs:${action}`,
  resource: '*',
  where: 'on resource: *',
});

interface Named {
  logGroupName?: string | undefined;
  logGroupIdentifier?: string | undefined;
  logStreamName?: string | undefined;
}

/**
 * A group is `log-group:<name>:*` to a policy, and `log-group:<name>:log-stream:` to a refusal: what a policy says
 * without the star at its end fits the tagging operations only.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
function onStream(call: Call, action: string, input: Named, stream = ''): Needed {
  const text = input.logGroupName ?? input.logGroupIdentifier ?? '';
  const parsed = text.startsWith('arn:') ? parseArn(text) : undefined;
  const name = nameIn(parsed?.resource) ?? text;
  const owner = parsed?.account ?? call.account;
  return {
    action: `logs:${action}`,
    resource: arn('logs', parsed?.region ?? call.region, owner, `log-group:${name}:log-stream:${stream}`),
    tags: () => tagsOf(call, name),
    owner,
  };
}

const onGroup =
  (action: string) =>
  (input: Named, call: Call): Needed =>
    onStream(call, action, input);

const onOneStream =
  (action: string) =>
  (input: Named, call: Call): Needed =>
    onStream(call, action, input, input.logStreamName);

function onArn(call: Call, action: string, resource: string): Needed {
  const parsed = parseArn(resource);
  return {
    action: `logs:${action}`,
    resource: resource.replace(/:\*$/, ''),
    tags: () => tagsOf(call, nameIn(parsed?.resource) ?? ''),
    owner: parsed?.account ?? call.account,
  };
}

const byArn =
  (action: string) =>
  (input: { resourceArn?: string | undefined }, call: Call): Needed =>
    onArn(call, action, input.resourceArn ?? '');

const nameIn = (resource: string | undefined): string | undefined =>
  /^log-group:([^:]+)/.exec(resource ?? '')?.[1];

const tagsOf = (call: Call, name: string) => logsStore(call.store).groups.get(name)?.tags;

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html */
const access: Access<'logs'> = {
  CreateLogGroup: (input, call) => {
    const needed = onStream(call, 'CreateLogGroup', input);
    if (Object.keys(input.tags ?? {}).length === 0) return needed;
    const group = arn('logs', call.region, call.account, `log-group:${input.logGroupName ?? ''}`);
    return [needed, onArn(call, 'TagResource', group)];
  },
  CreateLogStream: onOneStream('CreateLogStream'),
  DeleteLogGroup: onGroup('DeleteLogGroup'),
  DeleteLogStream: onOneStream('DeleteLogStream'),
  DeleteRetentionPolicy: onGroup('DeleteRetentionPolicy'),
  // A group without a name: only a policy for all groups fits.
  DescribeLogGroups: (_input, call) => onStream(call, 'DescribeLogGroups', {}),
  DescribeLogStreams: onGroup('DescribeLogStreams'),
  FilterLogEvents: onGroup('FilterLogEvents'),
  GetLogEvents: onOneStream('GetLogEvents'),
  ListTagsForResource: byArn('ListTagsForResource'),
  ListTagsLogGroup: onGroup('ListTagsLogGroup'),
  PutLogEvents: onOneStream('PutLogEvents'),
  PutRetentionPolicy: onGroup('PutRetentionPolicy'),
  TagLogGroup: onGroup('TagLogGroup'),
  TagResource: byArn('TagResource'),
  TestMetricFilter: anywhere('TestMetricFilter'),
  UntagLogGroup: onGroup('UntagLogGroup'),
  UntagResource: byArn('UntagResource'),
};

export default access;
