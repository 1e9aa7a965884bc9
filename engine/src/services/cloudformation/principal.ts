import { type Call, isAwsError, type Principal } from '../../kernel';
import { refuse } from '../../templates/refusal';

/** On whose behalf a stack's operations run: its role, which must trust CloudFormation, or whoever asked. */
export async function stackPrincipal(call: Call, roleArn: string | undefined): Promise<Principal> {
  if (roleArn === undefined) return call.principal;
  const service = call.parts.identity.servicePrincipal('cloudformation.amazonaws.com', call.account);
  try {
    const { AssumedRoleUser } = await call.invoke(
      'sts',
      'AssumeRole',
      { RoleArn: roleArn, RoleSessionName: 'AWSCloudFormation' },
      { as: service },
    );
    return {
      type: 'assumed-role',
      account: call.account,
      arn: AssumedRoleUser?.Arn ?? '',
      userId: AssumedRoleUser?.AssumedRoleId ?? '',
    };
  } catch (error) {
    if (!isAwsError(error) || error.code === 'NotImplemented') throw error;
    throw refuse(`Role ${roleArn} is invalid or cannot be assumed`);
  }
}
