import { type Call, isAwsError, takeRole } from '../../kernel';

/**
 * The call, made as the role of the function that would do it on AWS: what that role may not do fails here, too. A
 * token that leads to no function leaves the work to whom the stack acts for.
 */
export async function asFunctionOf(call: Call, token: unknown): Promise<Call> {
  const found = await roleOf(call, String(token));
  if (!found) return call;
  const roleId = await takeRole(call, 'lambda.amazonaws.com', found.role);
  if (roleId === undefined) return call;
  const as = call.parts.identity.roleSession(found.role, roleId, found.name);
  return {
    ...call,
    principal: as,
    invoke: (service, operation, input, options = {}) =>
      call.invoke(service, operation, input, { as, ...options }),
  };
}

async function roleOf(call: Call, FunctionName: string): Promise<{ role: string; name: string } | undefined> {
  try {
    const as = call.parts.identity.servicePrincipal('lambda.amazonaws.com', call.account);
    const { Role, FunctionName: name } = await call.invoke(
      'lambda',
      'GetFunctionConfiguration',
      { FunctionName },
      { as },
    );
    return Role && name ? { role: Role, name } : undefined;
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}
