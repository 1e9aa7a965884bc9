import {
  AwsError,
  type Call,
  isAwsError,
  notImplemented,
  type Operation,
  type PrincipalSession,
  parseArn,
} from '../../kernel';
import { PolicyProblem, parsePolicy } from '../../kernel/policy-document';
import { sessionsOf, transitiveTags } from './sessions';

/** A role that is assumed by a role keeps its session for an hour at most. */
const CHAINED = 3_600;
const PLAINTEXT_LIMIT = 2_048;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole: Operation<'sts', 'AssumeRole'> = async (input, call) => {
  refuseUnimplemented(input);
  const roleArn = input.RoleArn!;
  const role = await findRole(roleArn, call);
  const seconds = input.DurationSeconds ?? CHAINED;
  if (seconds > (role.MaxSessionDuration ?? CHAINED)) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    );
  }
  if (call.principal.type === 'assumed-role' && seconds > CHAINED) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  if (input.Policy !== undefined) checkSessionPolicy(input.Policy, 'Policy');
  const sessions = sessionsOf(call.accountStore);
  const inherited = transitiveTags(sessions, call.principal.accessKeyId);
  const tags = mergeTags(input, inherited);
  const principal = call.parts.identity.roleSession(roleArn, role.RoleId!, input.RoleSessionName!);
  const issued = call.parts.identity.issueSession({ ...principal, session: sessionOf(input, tags) }, seconds);
  sessions.put(issued.accessKeyId, {
    role: roleArn,
    expires: issued.expiration,
    tags,
    transitive: [...(input.TransitiveTagKeys ?? []), ...inherited.map((tag) => tag.Key)],
    ...(input.Policy === undefined ? {} : { policy: input.Policy }),
    ...(input.PolicyArns === undefined ? {} : { policyArns: input.PolicyArns.map((entry) => entry.arn!) }),
    ...(input.SourceIdentity === undefined ? {} : { sourceIdentity: input.SourceIdentity }),
  });
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: issued.expiration,
    },
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    ...(tags.length > 0 || input.Policy !== undefined
      ? { PackedPolicySize: packedSize(input.Policy, tags) }
      : {}),
    ...(input.SourceIdentity === undefined ? {} : { SourceIdentity: input.SourceIdentity }),
  };
};

function sessionOf(
  input: AssumeRoleInput,
  tags: readonly { Key: string; Value: string }[],
): PrincipalSession {
  return {
    ...(input.Policy === undefined ? {} : { policy: input.Policy }),
    ...(input.PolicyArns === undefined ? {} : { policyArns: input.PolicyArns.map((entry) => entry.arn!) }),
    ...(input.SourceIdentity === undefined ? {} : { sourceIdentity: input.SourceIdentity }),
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
  };
}

type AssumeRoleInput = Parameters<typeof assumeRole>[0];

function refuseUnimplemented(input: AssumeRoleInput): void {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw notImplemented('STS AssumeRole with SerialNumber or TokenCode (MFA)');
  }
  if (input.ProvidedContexts !== undefined) throw notImplemented('STS AssumeRole ProvidedContexts');
}

/** Whether the role exists is only told to its own account, so that names cannot be guessed. */
async function findRole(roleArn: string, call: Call) {
  const parsed = parseArn(roleArn);
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('role/')) {
    throw new AwsError('ValidationError', `${roleArn} is invalid`);
  }
  const name = parsed.resource.slice(parsed.resource.lastIndexOf('/') + 1);
  try {
    const { Role } = await call.invoke(
      'iam',
      'GetRole',
      { RoleName: name },
      {
        as: call.parts.identity.servicePrincipal('sts.amazonaws.com', parsed.account),
        account: parsed.account,
      },
    );
    if (Role?.Arn === roleArn) return Role;
  } catch (error) {
    if (!isAwsError(error, 'NoSuchEntity', 'NoSuchEntityException')) throw error;
  }
  throw new AwsError(
    'AccessDenied',
    `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  );
}

function checkSessionPolicy(policy: string, name: string): void {
  try {
    parsePolicy(policy, 'identity');
  } catch (error) {
    if (error instanceof PolicyProblem) throw new AwsError('MalformedPolicyDocument', error.message);
    throw error;
  }
  if (policy.length > PLAINTEXT_LIMIT) {
    throw new AwsError('PackedPolicyTooLarge', `${name} is longer than ${PLAINTEXT_LIMIT} characters`);
  }
}

function mergeTags(input: AssumeRoleInput, inherited: { Key: string; Value: string }[]) {
  const own = (input.Tags ?? []).map((tag) => ({ Key: tag.Key!, Value: tag.Value! }));
  const seen = new Set<string>();
  for (const { Key } of own) {
    const key = Key.toLowerCase();
    if (seen.has(key)) {
      throw new AwsError(
        'InvalidParameterValue',
        'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
      );
    }
    seen.add(key);
  }
  if (inherited.some((tag) => seen.has(tag.Key.toLowerCase()))) {
    throw new AwsError(
      'InvalidParameterValue',
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  for (const key of input.TransitiveTagKeys ?? []) {
    if (!seen.has(key.toLowerCase())) {
      throw new AwsError(
        'InvalidParameterValue',
        'The specified transitive tag key must be included in the requested tags.',
      );
    }
  }
  return [...own, ...inherited];
}

/** Percent of the packed limit that policy and tags take up; AWS's binary packing is its own, this is its scale. */
function packedSize(policy: string | undefined, tags: { Key: string; Value: string }[]): number {
  const bytes = tags.reduce((sum, tag) => sum + tag.Key.length + tag.Value.length, policy?.length ?? 0);
  return Math.max(1, Math.ceil((bytes / PLAINTEXT_LIMIT) * 100));
}
