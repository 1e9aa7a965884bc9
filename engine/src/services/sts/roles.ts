import { AwsError, type Call, isAwsError, parseArn } from '../../kernel';

/** A role by its whole ARN; undefined where there is none. */
export async function findRole(call: Call, roleArn: string) {
  const account = accountOf(roleArn);
  const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const as = call.parts.identity.servicePrincipal('sts.amazonaws.com', account);
  try {
    const { Role } = await call.invoke('iam', 'GetRole', { RoleName }, { as, account });
    return Role?.Arn === roleArn ? { ...Role, Arn: roleArn } : undefined;
  } catch (error) {
    if (isAwsError(error, 'NoSuchEntity', 'NoSuchEntityException', 'ValidationError')) return undefined;
    throw error;
  }
}

export type Role = NonNullable<Awaited<ReturnType<typeof findRole>>>;

export function isRoleArn(text: string): boolean {
  const parsed = parseArn(text);
  return parsed?.service === 'iam' && parsed.resource.startsWith('role/');
}

export function accountOf(roleArn: string): string {
  if (!isRoleArn(roleArn)) throw new AwsError('ValidationError', `${roleArn} is invalid`);
  return parseArn(roleArn)?.account ?? '';
}
