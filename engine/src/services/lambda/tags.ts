import { type Call, notImplemented, type Operation, parseArn } from '../../kernel';
import { invalid, notFound } from './errors';
import { type FunctionRecord, lambdaStore } from './store';

const MAX_TAGS = 50;

export function checkTagCount(tags: Record<string, string>): void {
  if (Object.keys(tags).length > MAX_TAGS) throw invalid('Number of tags exceeds resource tag limit.');
}

function tagged(arn: string, call: Call): FunctionRecord {
  const [kind, name = '', qualifier] = parseArn(arn)?.resource.split(':') ?? [];
  if (kind !== 'function') throw notImplemented(`Lambda tags of a ${kind}`);
  if (qualifier !== undefined) {
    throw invalid('Tags on function aliases and versions are not supported. Please specify a function ARN.');
  }
  const record = lambdaStore(call.store).functions.get(name);
  if (!record) throw notFound(`Function not found: ${arn}`);
  return record;
}

export const tagResource: Operation<'lambda', 'TagResource'> = (input, call) => {
  const record = tagged(input.Resource!, call);
  if (Object.keys(input.Tags ?? {}).length === 0) {
    throw invalid('An error occurred and the request cannot be processed.');
  }
  const tags = { ...record.tags, ...input.Tags };
  checkTagCount(tags);
  lambdaStore(call.store).functions.put(record.name, { ...record, tags });
  return {};
};

export const untagResource: Operation<'lambda', 'UntagResource'> = (input, call) => {
  const record = tagged(input.Resource!, call);
  const gone = new Set(input.TagKeys);
  const tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !gone.has(key)));
  lambdaStore(call.store).functions.put(record.name, { ...record, tags });
  return {};
};

export const listTags: Operation<'lambda', 'ListTags'> = (input, call) => ({
  Tags: tagged(input.Resource!, call).tags,
});
