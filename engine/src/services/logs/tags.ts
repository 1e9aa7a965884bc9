import { AwsError, type Call, type Operation, parseArn } from '../../kernel';
import { type LogGroup, logsStore, requireGroup } from './store';

const MAX_TAGS = 50;

function byArn(arn: string, call: Call): LogGroup {
  const resource = parseArn(arn)?.resource ?? '';
  const name = /^log-group:([^:]+)(:\*)?$/.exec(resource)?.[1];
  if (name === undefined) {
    throw new AwsError('ResourceNotFoundException', 'The specified resource does not exist.', {
      status: 400,
    });
  }
  return requireGroup(name, call);
}

function save(group: LogGroup, tags: Record<string, string>, call: Call): void {
  if (Object.keys(tags).length > MAX_TAGS) {
    throw new AwsError('TooManyTagsException', 'A resource can have no more than 50 tags.', { status: 400 });
  }
  logsStore(call.store).groups.put(group.name, { ...group, tags });
}

function without(group: LogGroup, keys: readonly string[]): Record<string, string> {
  const gone = new Set(keys);
  return Object.fromEntries(Object.entries(group.tags).filter(([key]) => !gone.has(key)));
}

export const tagResource: Operation<'logs', 'TagResource'> = (input, call) => {
  const group = byArn(input.resourceArn!, call);
  save(group, { ...group.tags, ...input.tags }, call);
  return {};
};

export const untagResource: Operation<'logs', 'UntagResource'> = (input, call) => {
  const group = byArn(input.resourceArn!, call);
  save(group, without(group, input.tagKeys ?? []), call);
  return {};
};

export const listTagsForResource: Operation<'logs', 'ListTagsForResource'> = (input, call) => ({
  tags: byArn(input.resourceArn!, call).tags,
});

export const tagLogGroup: Operation<'logs', 'TagLogGroup'> = (input, call) => {
  const group = requireGroup(input.logGroupName!, call);
  save(group, { ...group.tags, ...input.tags }, call);
  return {};
};

export const untagLogGroup: Operation<'logs', 'UntagLogGroup'> = (input, call) => {
  const group = requireGroup(input.logGroupName!, call);
  save(group, without(group, input.tags ?? []), call);
  return {};
};

export const listTagsLogGroup: Operation<'logs', 'ListTagsLogGroup'> = (input, call) => ({
  tags: requireGroup(input.logGroupName!, call).tags,
});
