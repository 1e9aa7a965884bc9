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
  return Date.UTC(
    Number(time.slice(0, 4)),
    Number(time.slice(4, 6)) - 1,
    Number(time.slice(6, 8)),
    Number(time.slice(9, 11)),
    Number(time.slice(11, 13)),
    Number(time.slice(13, 15)),
  );
}
