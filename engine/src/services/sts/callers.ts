import { AwsError, notImplemented, type Operation } from '../../kernel';

export const getCallerIdentity: Operation<'sts', 'GetCallerIdentity'> = (_input, call) => ({
  UserId: call.principal.userId,
  Account: call.principal.account,
  Arn: call.principal.arn,
});

const TWELVE_HOURS = 43_200;
const ONE_HOUR = 3_600;

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
export const getSessionToken: Operation<'sts', 'GetSessionToken'> = (input, call) => {
  if (input.SerialNumber !== undefined || input.TokenCode !== undefined) {
    throw notImplemented('STS GetSessionToken with SerialNumber or TokenCode (MFA)');
  }
  if (call.principal.type !== 'user' && call.principal.type !== 'root') {
    throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', {
      status: 403,
    });
  }
  // A session of the account's root lasts an hour at most, whatever is asked for.
  const asked = input.DurationSeconds ?? TWELVE_HOURS;
  const seconds = call.principal.type === 'root' ? Math.min(asked, ONE_HOUR) : asked;
  const issued = call.parts.identity.issueSession(call.principal, seconds);
  return {
    Credentials: {
      AccessKeyId: issued.accessKeyId,
      SecretAccessKey: issued.secretAccessKey,
      SessionToken: issued.sessionToken,
      Expiration: issued.expiration,
    },
  };
};

/**
 * The account is in the key id itself: 40 bits behind the prefix and the first character's top bit.
 * Keys that the engine issues carry no account, so the caller's own is the answer for them.
 */
export const getAccessKeyInfo: Operation<'sts', 'GetAccessKeyInfo'> = (_input, call) => ({
  Account: call.account,
});
