import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Call, Principal } from '../../kernel';
import { accessDenied, invalidArgument, s3Error } from './errors';

/**
 * Browser uploads bring a signed policy instead of a signed request.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */

type Fields = ReadonlyMap<string, string>;

export interface SizeLimits {
  min: number;
  max: number;
}

const hmac = (key: string | Buffer, text: string, hash = 'sha256') => createHmac(hash, key).update(text);

function required(fields: Fields, name: string, shown: string): string {
  const value = fields.get(name);
  if (value !== undefined) return value;
  throw invalidArgument(
    `Bucket POST must contain a field named '${shown}'.  If it is specified, please check the order of the fields.`,
    shown,
    null,
  );
}

/** Who signed the form; with a bad signature nobody did. */
export function signer(call: Call, fields: Fields): Principal | undefined {
  const policy = fields.get('policy');
  if (policy === undefined) return undefined;
  const v2 = fields.has('awsaccesskeyid');
  const signature = v2
    ? required(fields, 'signature', 'Signature')
    : required(fields, 'x-amz-signature', 'X-Amz-Signature');
  const [keyId = '', date = '', region = ''] = (
    v2 ? (fields.get('awsaccesskeyid') ?? '') : required(fields, 'x-amz-credential', 'X-Amz-Credential')
  ).split('/');
  const key = call.parts.identity.find(keyId);
  if (!key) {
    throw s3Error(
      'InvalidAccessKeyId',
      403,
      'The AWS Access Key Id you provided does not exist in our records.',
      { AWSAccessKeyId: keyId },
    );
  }
  const expected = v2
    ? hmac(key.secretAccessKey, policy, 'sha1').digest('base64')
    : hmac(
        ['s3', 'aws4_request'].reduce<Buffer>(
          (signing, part) => hmac(signing, part).digest(),
          hmac(hmac(`AWS4${key.secretAccessKey}`, date).digest(), region).digest(),
        ),
        policy,
      ).digest('hex');
  const [a, b] = [Buffer.from(expected), Buffer.from(signature)];
  if (a.length !== b.length || !timingSafeEqual(a, b)) {
    throw s3Error(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { AWSAccessKeyId: keyId, StringToSign: policy, SignatureProvided: signature },
    );
  }
  if (key.sessionToken !== undefined && fields.get('x-amz-security-token') !== key.sessionToken) {
    throw s3Error('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.');
  }
  return key.principal;
}

const against = (what: string) => accessDenied(`Invalid according to Policy: ${what}`);
const failed = (condition: readonly unknown[]) =>
  against(`Policy Condition failed: [${condition.map((part) => `"${part}"`).join(', ')}]`);
const invalid = (what: string) => s3Error('InvalidPolicyDocument', 400, `Invalid Policy: ${what}`);

function parse(policy: string): { expiration?: unknown; conditions?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(policy, 'base64').toString());
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw invalid('Invalid JSON.');
}

/** Fields that a policy need not speak of. */
const FREE = new Set(['policy', 'x-amz-signature', 'signature', 'awsaccesskeyid', 'file', 'bucket']);

/** Holds a form against its policy; what is left to check is the size of the file. */
export function checkPolicy(call: Call, fields: Fields): SizeLimits | undefined {
  const { expiration, conditions } = parse(fields.get('policy') ?? '');
  const until = typeof expiration === 'string' ? Date.parse(expiration) : Number.NaN;
  if (Number.isNaN(until)) throw invalid('Policy missing expiration.');
  if (until <= call.clock.millis()) throw against('Policy expired.');
  if (!Array.isArray(conditions)) throw invalid('Policy missing conditions.');
  const covered = new Set<string>();
  let size: SizeLimits | undefined;
  for (const condition of conditions as unknown[]) {
    const [operator, subject, value] = asList(condition);
    if (operator === 'content-length-range') {
      size = { min: Number(subject), max: Number(value) };
      if (!Number.isInteger(size.min) || !Number.isInteger(size.max))
        throw failed([operator, subject, value]);
      continue;
    }
    const name = String(subject);
    const field = name.slice(1).toLowerCase();
    const given = fields.get(field) ?? '';
    covered.add(field);
    const holds =
      name.startsWith('$') &&
      (operator === 'eq'
        ? given === String(value)
        : operator === 'starts-with' && given.startsWith(String(value)));
    if (!holds) throw failed([operator, subject, value]);
  }
  const extra = [...fields.keys()].filter(
    (name) => !covered.has(name) && !FREE.has(name) && !name.startsWith('x-ignore-'),
  );
  if (extra.length > 0) throw against(`Extra input fields: ${extra.join(', ')}`);
  return size;
}

function asList(condition: unknown): [string, unknown, unknown] {
  if (Array.isArray(condition)) {
    if (condition.length !== 3) throw invalid('Invalid Condition: Conditions must have three elements.');
    return [String(condition[0]).toLowerCase(), condition[1], condition[2]];
  }
  const entries = Object.entries((condition ?? {}) as object);
  const [entry] = entries;
  if (entries.length !== 1 || !entry) {
    throw invalid('Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.');
  }
  return ['eq', `$${entry[0]}`, entry[1]];
}
