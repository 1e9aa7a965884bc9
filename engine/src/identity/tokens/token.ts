import { constants, createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { AwsError } from '../../kernel';

/** A JSON web token, taken apart; nobody has looked at its signature yet. */
export interface Token {
  algorithm: string;
  keyId: string | undefined;
  claims: Readonly<Record<string, unknown>>;
  signed: string;
  signature: Buffer;
}

export interface PublicKey extends JsonWebKey {
  kid?: string;
  use?: string;
  alg?: string;
}

export const invalidToken = (message: string): AwsError => new AwsError('InvalidIdentityToken', message);

export function parseToken(text: string): Token {
  const [head = '', body = '', signature = '', ...rest] = text.split('.');
  const header = objectOf(head);
  const claims = objectOf(body);
  if (!header || !claims || signature === '' || rest.length > 0) {
    throw invalidToken(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    );
  }
  return {
    algorithm: String(header.alg),
    keyId: typeof header.kid === 'string' ? header.kid : undefined,
    claims,
    signed: `${head}.${body}`,
    signature: Buffer.from(signature, 'base64url'),
  };
}

function objectOf(part: string): Record<string, unknown> | undefined {
  if (!/^[\w-]+$/.test(part)) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** What AWS takes. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc.html */
const ALGORITHMS: Readonly<Record<string, { hash: string; type: string; curve?: string }>> = {
  RS256: { hash: 'sha256', type: 'RSA' },
  RS384: { hash: 'sha384', type: 'RSA' },
  RS512: { hash: 'sha512', type: 'RSA' },
  ES256: { hash: 'sha256', type: 'EC', curve: 'P-256' },
  ES384: { hash: 'sha384', type: 'EC', curve: 'P-384' },
  ES512: { hash: 'sha512', type: 'EC', curve: 'P-521' },
};

/** Whether one of the provider's keys has signed the token. */
export function isSigned(token: Token, keys: readonly PublicKey[]): boolean {
  const algorithm = ALGORITHMS[token.algorithm];
  if (!algorithm) return false;
  return keys.some((key) => {
    if (token.keyId !== undefined && key.kid !== token.keyId) return false;
    // The key says what it is for: a token does not choose how it is verified.
    if (key.kty !== algorithm.type || (key.use !== undefined && key.use !== 'sig')) return false;
    if (key.alg !== undefined && key.alg !== token.algorithm) return false;
    if (algorithm.curve !== undefined && key.crv !== algorithm.curve) return false;
    return isSignedWith(token, key, algorithm.hash);
  });
}

function isSignedWith({ signed, signature }: Token, jwk: PublicKey, hash: string): boolean {
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const how =
      jwk.kty === 'EC'
        ? { key, dsaEncoding: 'ieee-p1363' as const }
        : { key, padding: constants.RSA_PKCS1_PADDING };
    return verify(hash, Buffer.from(signed), how, signature);
  } catch {
    // What is no key has signed nothing.
    return false;
  }
}
