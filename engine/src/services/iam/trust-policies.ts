import { AwsError, type Call, parseArn } from '../../kernel';
import { parsePolicy } from '../../kernel/policy-document';
import { keyOf, type Role, stateOf, type User } from './store';

/**
 * IAM keeps the ids of the users and roles that a trust policy names, so that they must be there. Those of other accounts
 * are taken as they are: what is there on AWS need not be here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles
 */
export function checkTrustees(call: Call, document: string): void {
  for (const name of trusteesOf(document)) {
    if (!isThere(call, name)) {
      throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${name}"`);
    }
  }
}

function trusteesOf(document: string): string[] {
  return parsePolicy(document, 'trust').Statement.flatMap(({ Principal, NotPrincipal }) => {
    const element = Principal ?? NotPrincipal;
    if (typeof element !== 'object' || element === null) return [];
    const names: unknown = Reflect.get(element, 'AWS');
    return (Array.isArray(names) ? names : [names]).filter((name) => typeof name === 'string');
  });
}

function isThere(call: Call, name: string): boolean {
  const parsed = parseArn(name);
  if (!parsed || parsed.account !== call.account) return true;
  const [type = '', ...path] = parsed.resource.split('/');
  const { roles, users } = stateOf(call);
  // A session is named after its role, without the role's path.
  if (parsed.service === 'sts') return type !== 'assumed-role' || roles.has(keyOf(path[0] ?? ''));
  const last = keyOf(path.at(-1) ?? '');
  if (type === 'role') return roles.get(last)?.arn === name;
  if (type === 'user') return users.get(last)?.arn === name;
  return type === 'root';
}

/**
 * Who trusted somebody that is no more trusts nobody of that name: what is left in the policy is the id.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-users
 */
export function forgetTrustee(call: Call, gone: Role | User): void {
  renameTrustee(call, gone.arn, gone.id);
}

/** Who trusts somebody goes on to when the name changes. */
export function renameTrustee(call: Call, from: string, to: string): void {
  const { roles } = stateOf(call);
  const [old, now] = [JSON.stringify(from), JSON.stringify(to)];
  for (const role of [...roles.values()]) {
    const trust = role.trust.replaceAll(old, now);
    if (trust !== role.trust) roles.put(keyOf(role.name), { ...role, trust });
  }
}
