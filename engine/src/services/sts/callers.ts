import { AwsError, type Operation } from '../../kernel';

export const getCallerIdentity: Operation<'sts', 'GetCallerIdentity'> = (_input, call) => ({
  UserId: call.principal.userId,
  Account: call.principal.account,
  Arn: call.principal.arn,
});

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
