import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { findRole } from './roles';
import { checkPolicy, newSession, packedSize } from './session';
import { inheritedTags, tagsOf } from './session-tags';

/** A role that is assumed by a role keeps its session for an hour at most. */
const CHAINED = 3_600;

type Input = Parameters<typeof assumeRole>[0];

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const assumeRole: Operation<'sts', 'AssumeRole'> = async (input, call) => {
  refuseUnimplemented(input);
  refuseGuests(call);
  const role = await findRole(call, input.RoleArn!);
  if (!role) throw notAuthorized(call, input.RoleArn!);
  if (call.principal.type === 'assumed-role' && (input.DurationSeconds ?? 0) > CHAINED) {
    throw new AwsError(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  checkPolicy(input);
  const inherited = inheritedTags(call.principal);
  const tags = tagsOf(input, inherited);
  const packed = packedSize(input, tags);
  const sourceIdentity = sourceIdentityOf(input, call);
  const { principal, Credentials } = newSession(call, role, {
    name: input.RoleSessionName!,
    seconds: input.DurationSeconds,
    session: {
      ...(input.Policy === undefined ? {} : { policy: input.Policy }),
      ...(input.PolicyArns === undefined ? {} : { policyArns: input.PolicyArns.map((one) => one.arn ?? '') }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      transitive: [...(input.TransitiveTagKeys ?? []), ...inherited.map(({ Key }) => Key)],
    },
  });
  return {
    Credentials,
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
};

function refuseUnimplemented(input: Input): void {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw notImplemented('STS AssumeRole with SerialNumber or TokenCode (MFA)');
  }
  if (input.ProvidedContexts !== undefined) throw notImplemented('STS AssumeRole ProvidedContexts');
  if (input.MinimumSessionTokenSize !== undefined)
    throw notImplemented('STS AssumeRole MinimumSessionTokenSize');
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html#stsapi_comparison */
function refuseGuests({ principal }: Call): void {
  if (principal.type !== 'federated-user') return;
  throw new AwsError('AccessDenied', 'Cannot call AssumeRole with federated user credentials', {
    status: 403,
  });
}

/** Whether the role exists is told to nobody, so that names cannot be guessed. */
const notAuthorized = (call: Call, roleArn: string): AwsError =>
  new AwsError(
    'AccessDenied',
    `User: ${call.principal.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    { status: 403 },
  );

/**
 * Once it is set, it stays along the chain, whatever the roles.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_monitor.html
 */
function sourceIdentityOf({ SourceIdentity, RoleArn }: Input, call: Call): string | undefined {
  const held = call.principal.session?.sourceIdentity;
  if (held !== undefined && SourceIdentity !== undefined && SourceIdentity !== held) {
    throw new AwsError(
      'AccessDenied',
      `User: ${call.principal.arn} is not authorized to perform: sts:SetSourceIdentity on resource: ${RoleArn}`,
      { status: 403 },
    );
  }
  return held ?? SourceIdentity;
}
