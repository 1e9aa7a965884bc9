import type { Principal } from '../../kernel';

/** How a policy's `Principal` names a caller. The kinds count differently in a decision. */
export type Named =
  /** By its own ARN: the user, the session, the service. */
  | 'self'
  /** By the role its session belongs to. */
  | 'role'
  /** By the account it belongs to, which leaves the rest to that account's identity policies. */
  | 'account'
  | 'everyone';

/** Whether and how an element names the caller. */
export type PrincipalMatcher = (caller: Principal) => Named | undefined;

type Element = unknown;

/** Callers who are none of an account's own. */
const NOBODYS: ReadonlySet<Principal['type']> = new Set(['service', 'anonymous', 'federated']);

const ORDER: readonly Named[] = ['self', 'role', 'everyone', 'account'];

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function compilePrincipal(element: Element): PrincipalMatcher {
  if (element === '*') return () => 'everyone';
  const matchers = Object.entries(element as Record<string, unknown>).flatMap(([type, names]) =>
    (Array.isArray(names) ? names : [names]).map((name) => matcherOf(type, String(name))),
  );
  return (caller) => {
    const found = matchers.map((matches) => matches(caller));
    return ORDER.find((named) => found.includes(named));
  };
}

function matcherOf(type: string, name: string): PrincipalMatcher {
  if (type === 'AWS') return aws(name);
  if (type === 'Service')
    return (caller) => (caller.type === 'service' && caller.arn === name ? 'self' : undefined);
  // CloudFront's origin access identities have one. https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html
  if (type === 'CanonicalUser') return (caller) => (caller.userId === name ? 'self' : undefined);
  // An identity provider, by its ARN; whom it vouches for is for conditions to say.
  return (caller) => (caller.type === 'federated' && caller.arn === name ? 'self' : undefined);
}

function aws(name: string): PrincipalMatcher {
  // The same as a mere "*", which services are among.
  if (name === '*') return () => 'everyone';
  const account = /^(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  if (account) {
    return (caller) => {
      if (caller.account !== account || NOBODYS.has(caller.type)) return undefined;
      return caller.type === 'root' ? 'self' : 'account';
    };
  }
  return (caller) => {
    if (caller.arn === name || caller.userId === name) return 'self';
    // A role's sessions have its id before their names.
    return caller.roleArn === name || caller.userId.startsWith(`${name}:`) ? 'role' : undefined;
  };
}
