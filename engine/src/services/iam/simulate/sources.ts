import { type Call, type NamedPolicy, type Principal, parseArn } from '../../../kernel';
import { noSuchEntity, validationError } from '../errors';
import { findEntity } from '../find';
import { attachedTo, boundaryOf } from '../policies-of';
import { type Kind, stateOf } from '../store';

/** Whose permissions are simulated, and the policies they have; names are as the simulator tells them. */
export interface Source {
  caller: Principal;
  identity: NamedPolicy[];
  boundary?: NamedPolicy;
}

/** A user, group or role with all that is attached to it, and to a user's groups. */
export function sourceOf(call: Call, arn: string): Source {
  const parsed = parseArn(arn);
  const [kind, ...path] = parsed?.resource.split('/') ?? [];
  if (parsed?.service !== 'iam' || !isKind(kind))
    throw validationError(`Invalid Entity Arn: ${arn} does not clearly define entity type and name.`);
  const entity = findEntity(call, kind, path.at(-1) ?? '');
  if (entity.arn !== arn) throw noSuchEntity(`The ${kind} with ARN ${arn} cannot be found.`);
  const groups = 'groups' in entity ? entity.groups : [];
  const boundary = 'boundary' in entity ? boundaryOf(call, entity.boundary) : {};
  return {
    caller: callerOf(arn),
    identity: [...named(call, kind, entity.name), ...groups.flatMap((group) => named(call, 'group', group))],
    ...boundary,
  };
}

const isKind = (kind: string | undefined): kind is Kind =>
  kind === 'user' || kind === 'group' || kind === 'role';

function named(call: Call, kind: Kind, name: string): NamedPolicy[] {
  return attachedTo(call, stateOf(call), kind, name).map((policy) => ({
    ...policy,
    name: policy.name.startsWith('arn:')
      ? policy.name.slice(policy.name.lastIndexOf('/') + 1)
      : `${kind}_${name}_${policy.name}`,
  }));
}

export function callerOf(arn: string): Principal {
  const { account = '', resource = '' } = parseArn(arn) ?? {};
  if (resource.startsWith('role/')) return { type: 'assumed-role', account, arn, userId: arn, roleArn: arn };
  return { type: resource === 'root' ? 'root' : 'user', account, arn, userId: arn };
}
