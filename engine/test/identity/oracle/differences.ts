import type { Case } from './cases';

export type Answer = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

/** Where the two differ and AWS's documentation says that we are right. */
interface Difference {
  what: string;
  /** Where AWS says so. */
  reference: string;
  ours: Answer;
  /** All else, where it is left out. */
  theirs?: Answer;
  about(one: Case): boolean;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'a session that a resource policy names by its own ARN is not held back by what its session policy leaves out',
    reference: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session',
    ours: 'Allowed',
    theirs: 'ImplicitlyDenied',
    about: ({ caller, session, resourcePolicy }) =>
      session !== undefined && JSON.stringify(resourcePolicy ?? {}).includes(caller.arn),
  },
  {
    // AWS says it of sessions of the role that a condition on aws:PrincipalArn names; nothing says that others differ.
    what: 'what a resource policy gives to everybody is not held back by what a session policy leaves out',
    reference:
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-roles',
    ours: 'Allowed',
    theirs: 'ImplicitlyDenied',
    about: ({ session, resourcePolicy }) =>
      session !== undefined &&
      (resourcePolicy?.Statement ?? []).some(
        ({ Principal, NotPrincipal }) =>
          NotPrincipal !== undefined || ['"*"', '{"AWS":"*"}'].includes(JSON.stringify(Principal)),
      ),
  },
  {
    what: 'a variable without a value is like nothing, so NotResource is not held off by it',
    reference:
      'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value',
    ours: 'ExplicitlyDenied',
    about: hasOpenNotResource,
  },
];

function hasOpenNotResource({ identity, resourcePolicy, boundary, session }: Case): boolean {
  const statements = [...identity, resourcePolicy, boundary, session].flatMap((one) => one?.Statement ?? []);
  return statements.some(({ NotResource }) => JSON.stringify(NotResource ?? '').includes('${'));
}

export const isKnown = (one: Case, ours: Answer, theirs: Answer): boolean =>
  DIFFERENCES.some((known) => known.ours === ours && (known.theirs ?? theirs) === theirs && known.about(one));
