import type { Call } from './call';
import { isAwsError } from './errors';

/**
 * Lets a service take a role, which the role's trust policy must allow. Gives the role's unique id; undefined where
 * there is no such role or it does not trust the service. What the service would say of what it takes the role for is
 * documented of none of those that come here, so that a trust policy that asks for it lets nobody in.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-service.html
 */
export async function takeRole(call: Call, service: string, roleArn: string): Promise<string | undefined> {
  try {
    const { AssumedRoleUser } = await call.invoke(
      'sts',
      'AssumeRole',
      { RoleArn: roleArn, RoleSessionName: service },
      { as: call.parts.identity.servicePrincipal(service, call.account, {}) },
    );
    return AssumedRoleUser?.AssumedRoleId?.split(':')[0];
  } catch (error) {
    if (isAwsError(error) && error.status !== 501) return undefined;
    throw error;
  }
}
