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

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Whose a key is: as the engine knows it, else as the key's id says, in bits 1 to 40 behind its prefix. */
export const getAccessKeyInfo: Operation<'sts', 'GetAccessKeyInfo'> = (input, call) => {
  const id = input.AccessKeyId!;
  const known = call.parts.identity.find(id);
  if (known) return { Account: known.principal.account };
  let bits = 0n;
  for (const char of id.slice(4, 14)) {
    const value = BASE32.indexOf(char);
    if (value < 0) throw new AwsError('ValidationError', `Invalid access key id: ${id}`);
    bits = (bits << 5n) | BigInt(value);
  }
  const account = (bits >> 9n) & ((1n << 40n) - 1n);
  return { Account: account.toString().padStart(12, '0') };
};
