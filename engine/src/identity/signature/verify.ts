import { canonicalRequest, type SignedRequest, stringToSign } from './canonical';
import type { Claim } from './claim';
import { sign } from './keys';

/** The right signature was another one: what it should have been made of, as S3 tells its callers. */
export interface Mismatch {
  canonicalRequest: string;
  stringToSign: string;
}

/** Checks a signature; undefined when it is the secret's. `payloadHash` is what the signer says of the body. */
export function verify(
  request: SignedRequest,
  claim: Claim,
  secret: string,
  payloadHash: string,
): Mismatch | undefined {
  const canonical = canonicalRequest(request, claim, payloadHash);
  const text = stringToSign(claim, canonical);
  if (isSame(claim.signature, sign(secret, claim, text))) return undefined;
  return { canonicalRequest: canonical, stringToSign: text };
}

/** Takes as long for a good guess as for a bad one. */
function isSame(given: string, right: string): boolean {
  if (given.length !== right.length) return false;
  let different = 0;
  for (let at = 0; at < right.length; at++) different |= given.charCodeAt(at) ^ right.charCodeAt(at);
  return different === 0;
}

const TIME = /^\d{8}T\d{6}Z$/;

/** Milliseconds since 1970 of YYYYMMDDTHHMMSSZ; undefined for anything else. */
export function millisOf(time: string): number | undefined {
  if (!TIME.test(time)) return undefined;
  const number = (from: number, to: number) => Number(time.slice(from, to));
  return Date.UTC(
    number(0, 4),
    number(4, 6) - 1,
    number(6, 8),
    number(9, 11),
    number(11, 13),
    number(13, 15),
  );
}
