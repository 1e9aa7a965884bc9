import { type Host, isAwsError, type Principal } from '../../kernel';

const SERVICE = 'apigateway.amazonaws.com';
/** A session is used again for so long, as long as STS gives at least. */
const SESSION_MILLIS = 15 * 60_000;

interface Session {
  principal: Principal;
  until: number;
}

/**
 * A session of the role that the account gave API Gateway for its logs; undefined where it gave none, or one that
 * does not let itself be taken any more.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html#set-up-access-logging-permissions
 */
export async function logRole(host: Host, account: string, region: string): Promise<Principal | undefined> {
  const { identity } = host.parts;
  const gateway = identity.servicePrincipal(SERVICE, account);
  const { cloudwatchRoleArn } = await host.invoke(
    'apigateway',
    'GetAccount',
    {},
    { as: gateway, account, region },
  );
  if (!cloudwatchRoleArn) return undefined;
  const sessions = host.memo('execute-api.log-sessions', () => new Map<string, Session>());
  const known = sessions.get(cloudwatchRoleArn);
  if (known && known.until > host.clock.millis()) return known.principal;
  const principal = await assume(host, cloudwatchRoleArn, account);
  if (principal) {
    sessions.set(cloudwatchRoleArn, { principal, until: host.clock.millis() + SESSION_MILLIS });
  }
  return principal;
}

async function assume(host: Host, RoleArn: string, account: string): Promise<Principal | undefined> {
  const { identity } = host.parts;
  try {
    const { Credentials } = await host.invoke(
      'sts',
      'AssumeRole',
      { RoleArn, RoleSessionName: 'BackplaneAssumeRoleSession' },
      { as: identity.servicePrincipal(SERVICE, account, {}), account },
    );
    return identity.find(Credentials?.AccessKeyId ?? '')?.principal;
  } catch (error) {
    if (!isAwsError(error) || error.status === 501) throw error;
    return undefined;
  }
}
