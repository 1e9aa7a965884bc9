import { AwsError, type Call, type Principal, type PrincipalSession } from '../../kernel';
import { PolicyProblem, parsePolicy } from '../../kernel/policy-document';
import type { Role } from './roles';

export interface SessionTag {
  Key: string;
  Value: string;
}

interface Limits {
  Policy?: string | undefined;
  PolicyArns?: readonly { arn?: string | undefined }[] | undefined;
}

const ONE_HOUR = 3_600;

/** What session policies and tags may take up once they are packed; AWS's packing is its own, this is its scale. */
const PACKED_LIMIT = 2_048;

/** Throws MalformedPolicyDocument where the session policy is none. */
export function checkPolicy({ Policy }: Limits): void {
  if (Policy === undefined) return;
  try {
    parsePolicy(Policy, 'identity');
  } catch (error) {
    if (error instanceof PolicyProblem) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
}

/** Percent of the limit that policies and tags take up; undefined where there are none. */
export function packedSize({ Policy, PolicyArns }: Limits, tags: readonly SessionTag[]): number | undefined {
  const policies =
    (Policy?.length ?? 0) + (PolicyArns ?? []).reduce((sum, { arn = '' }) => sum + arn.length, 0);
  const bytes = tags.reduce((sum, { Key, Value }) => sum + Key.length + Value.length, policies);
  if (bytes === 0) return undefined;
  const percent = Math.max(1, Math.ceil((bytes / PACKED_LIMIT) * 100));
  if (percent > 100) {
    throw new AwsError(
      'PackedPolicyTooLarge',
      policies > 0
        ? `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`
        : `Packed size of session tags consumes ${percent}% of allotted space.`,
    );
  }
  return percent;
}

export interface NewSession {
  name: string;
  seconds: number | undefined;
  session: PrincipalSession;
}

/** Lets somebody be a role for a while. */
export function newSession(call: Call, role: Role, { name, seconds = ONE_HOUR, session }: NewSession) {
  if (seconds > (role.MaxSessionDuration ?? ONE_HOUR)) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  const principal = call.parts.identity.roleSession(role.Arn, role.RoleId ?? '', name);
  // Who is in a VPC stays there, whatever role it takes.
  const { network } = call.principal.origin ?? {};
  const origin = network ? { origin: { network } } : {};
  return { principal, Credentials: issue(call, { ...principal, ...origin, session }, seconds) };
}

export function issue(call: Call, principal: Principal, seconds: number) {
  const issued = call.parts.identity.issueSession(principal, seconds);
  return {
    AccessKeyId: issued.accessKeyId,
    SecretAccessKey: issued.secretAccessKey,
    SessionToken: issued.sessionToken,
    Expiration: issued.expiration,
  };
}
