import { type Call, type Principal, takeRole } from '../../kernel';
import { refuse } from '../../templates/refusal';

const SERVICE = 'cloudformation.amazonaws.com';

/**
 * On whose behalf a stack's operations run: its role, which must trust CloudFormation, or whoever asked.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
export async function stackPrincipal(call: Call, roleArn: string | undefined): Promise<Principal> {
  if (roleArn === undefined) return onBehalf(call.principal);
  const roleId = await takeRole(call, SERVICE, roleArn);
  if (roleId === undefined) throw refuse(`Role ${roleArn} is invalid or cannot be assumed`);
  return call.parts.identity.roleSession(roleArn, roleId, 'AWSCloudFormation');
}

/** The caller, by way of CloudFormation; a nested stack's is so already. */
function onBehalf(principal: Principal): Principal {
  const via = principal.calledVia ?? [];
  return via.at(-1) === SERVICE ? principal : { ...principal, calledVia: [...via, SERVICE] };
}
