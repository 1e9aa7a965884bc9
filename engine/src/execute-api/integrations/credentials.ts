import { isAwsError, type Principal } from '../../kernel';
import { compiledOnce } from '../deployed';
import { type Exchange, routeOf } from '../exchange';
import { misconfigured } from '../faults';
import { withStageVariables } from '../mapping';
import { CALLER } from './aws-uri';
import { sourceArn } from './source-arn';

const SERVICE = 'apigateway.amazonaws.com';
/** As CloudTrail names the gateway's sessions. */
const SESSION = 'BackplaneAssumeRoleSession';
/** A session is used again for so long, as long as STS gives at least. */
const SESSION_MILLIS = 15 * 60_000;

/**
 * Who calls the integration's endpoint: a session of its role, the caller of the method, or, where none is said, the
 * gateway itself, whom the resource's own policy must let in.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html
 */
export async function endpointPrincipal(exchange: Exchange): Promise<Principal> {
  const { deployed, host } = exchange;
  const given = routeOf(exchange).method.methodIntegration?.credentials;
  if (!given) {
    return host.parts.identity.servicePrincipal(SERVICE, deployed.account, {
      sourceArn: sourceArn(exchange),
      sourceAccount: deployed.account,
    });
  }
  if (CALLER.test(given)) return callerOf(exchange);
  return roleSession(exchange, withStageVariables(given, deployed.stage.variables));
}

function callerOf(exchange: Exchange): Principal {
  const caller = exchange.caller ?? exchange.testedBy;
  if (!caller)
    throw misconfigured('Unable to pass the caller’s credentials: the method does not know its caller');
  return caller;
}

interface Session {
  principal: Principal;
  until: number;
}

/** The gateway as a role of the customer's. */
export async function roleSession(exchange: Exchange, roleArn: string): Promise<Principal> {
  const { deployed, host } = exchange;
  const sessions = compiledOnce(deployed, 'integration sessions', () => new Map<string, Session>());
  const known = sessions.get(roleArn);
  if (known && known.until > host.clock.millis()) return known.principal;
  const principal = await assume(exchange, roleArn);
  sessions.set(roleArn, { principal, until: host.clock.millis() + SESSION_MILLIS });
  return principal;
}

async function assume({ deployed, host }: Exchange, roleArn: string): Promise<Principal> {
  const { identity } = host.parts;
  try {
    const { AssumedRoleUser, Credentials } = await host.invoke(
      'sts',
      'AssumeRole',
      { RoleArn: roleArn, RoleSessionName: SESSION },
      { as: identity.servicePrincipal(SERVICE, deployed.account, {}), account: deployed.account },
    );
    const session = identity.find(Credentials?.AccessKeyId ?? '');
    const roleId = AssumedRoleUser?.AssumedRoleId?.split(':')[0] ?? '';
    return session?.principal ?? identity.roleSession(roleArn, roleId, SESSION);
  } catch (error) {
    if (!isAwsError(error) || error.status === 501) throw error;
    throw misconfigured(`API Gateway does not have permission to assume the provided role ${roleArn}`);
  }
}
