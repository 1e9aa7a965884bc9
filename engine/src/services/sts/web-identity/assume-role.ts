import { AwsError, notImplemented, type Operation } from '../../../kernel';
import { accountOf, findRole } from '../roles';
import { checkPolicy, newSession, packedSize } from '../session';
import { webIdentityOf } from './identity';

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const assumeRoleWithWebIdentity: Operation<'sts', 'AssumeRoleWithWebIdentity'> = async (
  input,
  call,
) => {
  if (input.MinimumSessionTokenSize !== undefined)
    throw notImplemented('STS AssumeRoleWithWebIdentity MinimumSessionTokenSize');
  const account = accountOf(input.RoleArn!);
  const identity = await webIdentityOf(input, call, account);
  const role = await findRole(call, input.RoleArn!);
  if (!role) {
    throw new AwsError('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity', {
      status: 403,
    });
  }
  checkPolicy(input);
  const { tags, sourceIdentity } = identity;
  const packed = packedSize(input, tags);
  const { principal, Credentials } = newSession(call, role, {
    name: input.RoleSessionName!,
    seconds: input.DurationSeconds,
    session: {
      ...(input.Policy === undefined ? {} : { policy: input.Policy }),
      ...(input.PolicyArns === undefined ? {} : { policyArns: input.PolicyArns.map((one) => one.arn ?? '') }),
      ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
      tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
      transitive: identity.transitive,
      provider: identity.provider,
      claims: identity.kept,
    },
  });
  return {
    Credentials,
    SubjectFromWebIdentityToken: identity.subject,
    AssumedRoleUser: { AssumedRoleId: principal.userId, Arn: principal.arn },
    ...(packed === undefined ? {} : { PackedPolicySize: packed }),
    Provider: identity.provider,
    Audience: identity.audience,
    ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
  };
};
