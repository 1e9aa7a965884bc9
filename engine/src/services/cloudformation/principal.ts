import { type Call, isAwsError, type Principal } from '../../kernel';
import { refuse } from '../../templates/refusal';

const SERVICE = 'cloudformation.amazonaws.com';

/**
 * On whose behalf a stack's operations run: its role, which must trust CloudFormation, or whoever asked.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export async function stackPrincipal(call: Call, roleArn: string | undefined): Promise<Principal> {
  if (roleArn === undefined) return onBehalf(call.principal);
  const { identity } = call.parts;
  const name = 'AWSCloudFormation';
  try {
    const { AssumedRoleUser } = await call.invoke(
      'sts',
      'AssumeRole',
      { RoleArn: roleArn, RoleSessionName: name },
      { as: identity.servicePrincipal(SERVICE, call.account) },
    );
    const roleId = AssumedRoleUser?.AssumedRoleId?.split(':')[0] ?? '';
    return identity.roleSession(roleArn, roleId, name);
  } catch (error) {
    if (!isAwsError(error) || error.code === 'NotImplemented') throw error;
    throw refuse(`Role ${roleArn} is invalid or cannot be assumed`);
  }
}

/** The caller, by way of CloudFormation; a nested stack's is so already. */
function onBehalf(principal: Principal): Principal {
  const via = principal.calledVia ?? [];
  return via.at(-1) === SERVICE ? principal : { ...principal, calledVia: [...via, SERVICE] };
}
