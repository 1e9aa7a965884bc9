import type { Call, NamedPolicy, Principal, PrincipalPolicies } from '../../kernel';
import { awsManagedPolicy, isAwsManaged } from './aws-managed';
import { ownPolicy } from './managed-policies';
import { type IamState, keyOf, stateOf, type Tag } from './store';

const NOBODY: PrincipalPolicies = { identity: [], tags: {} };

/**
 * The policies that decide what a principal may do. One that is no more (its role was deleted, its session lives on)
 * may do nothing.
 */
export function policiesOf(principal: Principal, call: Call): PrincipalPolicies {
  if (principal.type === 'user') return ofUser(principal, call);
  if (principal.type === 'assumed-role') return ofSession(principal, call);
  if (principal.type === 'federated-user') return ofGuest(principal, call);
  return NOBODY;
}

function ofUser(principal: Principal, call: Call): PrincipalPolicies {
  const state = stateOf(call);
  const user = state.users.get(keyOf(lastOf(principal.arn)));
  // One of the same name that was made later is somebody else.
  if (user?.arn !== principal.arn || user.id !== principal.userId) return NOBODY;
  const groups = user.groups.flatMap((group) => attachedTo(call, state, 'group', group));
  return {
    identity: [...attachedTo(call, state, 'user', user.name), ...groups],
    ...boundaryOf(call, user.boundary),
    ...sessionOf(principal, call),
    tags: tagsOf(user.tags, principal),
  };
}

function ofSession(principal: Principal, call: Call): PrincipalPolicies {
  const state = stateOf(call);
  const role = principal.roleArn && state.roles.get(keyOf(lastOf(principal.roleArn)));
  if (!role || role.arn !== principal.roleArn || !principal.userId.startsWith(`${role.id}:`)) return NOBODY;
  return {
    identity: attachedTo(call, state, 'role', role.name),
    ...boundaryOf(call, role.boundary),
    ...sessionOf(principal, call),
    tags: tagsOf(role.tags, principal),
  };
}

const EVERYTHING: NamedPolicy = {
  name: 'root',
  text: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
};

/**
 * A federated user has what its user has, as far as the session's policies let it: nothing where there are none.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html
 */
function ofGuest(principal: Principal, call: Call): PrincipalPolicies {
  const { issuer = '' } = principal.session ?? {};
  const limited = sessionOf(principal, call).session ?? [];
  const tags = principal.session?.tags ?? {};
  if (issuer.endsWith(':root')) return { identity: [EVERYTHING], session: limited, tags };
  const user = stateOf(call).users.get(keyOf(lastOf(issuer)));
  if (user?.arn !== issuer) return NOBODY;
  const { session: _none, ...own } = ofUser(
    { ...principal, type: 'user', arn: issuer, userId: user.id },
    call,
  );
  return { ...own, session: limited };
}

const lastOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export function attachedTo(
  call: Call,
  state: IamState,
  kind: 'role' | 'user' | 'group',
  name: string,
): NamedPolicy[] {
  const prefix = [kind, keyOf(name)];
  const inline = [...state.inline.entries({ prefix })].map(({ key, value }) => ({
    name: String(key[2]),
    text: value,
  }));
  const managed = [...state.attached.entries({ prefix })].flatMap(({ key }) => {
    const policy = managedPolicy(call, String(key[2]));
    return policy ? [policy] : [];
  });
  return [...inline, ...managed];
}

function managedPolicy(call: Call, arn: string): NamedPolicy | undefined {
  if (isAwsManaged(arn)) {
    const policy = awsManagedPolicy(call, arn);
    return policy && { name: arn, text: policy.document };
  }
  const own = ownPolicy(call, arn);
  const number = Number(own?.defaultVersion.slice(1));
  const version = own && stateOf(call).versions.get([keyOf(own.name), number]);
  return version && { name: arn, text: version.document };
}

/** A boundary that is no more lets nothing through. */
const NOTHING = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }],
});

export function boundaryOf(call: Call, arn: string | undefined): { boundary?: NamedPolicy } {
  if (arn === undefined) return {};
  return { boundary: managedPolicy(call, arn) ?? { name: arn, text: NOTHING } };
}

function sessionOf(principal: Principal, call: Call): { session?: NamedPolicy[] } {
  const { policy, policyArns } = principal.session ?? {};
  if (policy === undefined && policyArns === undefined) return {};
  const managed = (policyArns ?? []).map((arn) => managedPolicy(call, arn) ?? { name: arn, text: NOTHING });
  return {
    session: [...(policy === undefined ? [] : [{ name: 'session policy', text: policy }]), ...managed],
  };
}

/** The session's tags over its owner's, whatever the case of their keys. */
function tagsOf(tags: readonly Tag[], principal: Principal): Record<string, string> {
  const own = principal.session?.tags ?? {};
  const said = new Set(Object.keys(own).map((key) => key.toLowerCase()));
  const rest = tags.filter(({ Key }) => !said.has(Key.toLowerCase()));
  return { ...Object.fromEntries(rest.map(({ Key, Value }) => [Key, Value])), ...own };
}
