import { AwsError, type Call, notImplemented, type Operation, type Principal } from '../../kernel';
import { checkPolicy, issue, packedSize } from './session';
import { tagsOf } from './session-tags';

const TWELVE_HOURS = 43_200;
const ONE_HOUR = 3_600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken: Operation<'sts', 'GetSessionToken'> = (input, call) => {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw notImplemented('STS GetSessionToken with SerialNumber or TokenCode (MFA)');
  }
  refuseSized(input, 'GetSessionToken');
  refuseSessions(call, 'GetSessionToken');
  return { Credentials: issue(call, call.principal, lasting(call, input.DurationSeconds)) };
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html */
export const getFederationToken: Operation<'sts', 'GetFederationToken'> = (input, call) => {
  refuseSized(input, 'GetFederationToken');
  refuseSessions(call, 'GetFederationToken');
  checkPolicy(input);
  const tags = tagsOf(input, []);
  const packed = packedSize(input, tags) ?? 0;
  const { account, arn: issuer } = call.principal;
  const guest: Principal = {
    type: 'federated-user',
    account,
    arn: federatedUserArn(account, input.Name!),
    userId: `${account}:${input.Name}`,
    session: {
      issuer,
      ...(input.Policy === undefined ? {} : { policy: input.Policy }),
      ...(input.PolicyArns === undefined ? {} : { policyArns: input.PolicyArns.map((one) => one.arn ?? '') }),
      tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    },
  };
  return {
    Credentials: issue(call, guest, lasting(call, input.DurationSeconds)),
    FederatedUser: { FederatedUserId: guest.userId, Arn: guest.arn },
    PackedPolicySize: packed,
  };
};

export const federatedUserArn = (account: string, name: string): string =>
  `arn:aws:sts::${account}:federated-user/${name}`;

function refuseSized(input: { MinimumSessionTokenSize?: number | undefined }, operation: string): void {
  if (input.MinimumSessionTokenSize !== undefined)
    throw notImplemented(`STS ${operation} MinimumSessionTokenSize`);
}

/** Only keys that last may be traded in for ones that do not. */
function refuseSessions({ principal }: Call, operation: string): void {
  if (principal.session?.issued === undefined && (principal.type === 'user' || principal.type === 'root'))
    return;
  throw new AwsError('AccessDenied', `Cannot call ${operation} with session credentials`, { status: 403 });
}

/** A session of the account's administrator lasts an hour at most, whatever is asked for. */
function lasting({ principal }: Call, asked = TWELVE_HOURS): number {
  return principal.type === 'root' ? Math.min(asked, ONE_HOUR) : asked;
}
