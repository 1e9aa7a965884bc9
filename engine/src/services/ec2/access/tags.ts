import type { Access, Call, Needed } from '../../../kernel';
import { ec2Arn, KINDS } from '../kinds';
import type { Kinds } from '../records';
import { on } from './resources';

const BY_PREFIX = new Map(Object.entries(KINDS).map(([kind, { prefix }]) => [prefix, kind as keyof Kinds]));

/** Ids tell what they are of. */
function byId(call: Call, action: string, id: string): Needed {
  const kind = BY_PREFIX.get(id.slice(0, id.indexOf('-')));
  if (kind) return on(call, action, kind, id);
  return { action: `ec2:${action}`, resource: ec2Arn(call, '*', id), keys: { 'ec2:Region': call.region } };
}

const tags: Access<'ec2'> = {
  CreateTags: (input, call) => (input.Resources ?? []).map((id) => byId(call, 'CreateTags', id)),
  DeleteTags: (input, call) => (input.Resources ?? []).map((id) => byId(call, 'DeleteTags', id)),
};

export default tags;
