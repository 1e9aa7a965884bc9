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

const TIME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Milliseconds since 1970 of YYYYMMDDTHHMMSSZ; undefined for anything else. */
export function millisOf(time: string): number | undefined {
  const parts = TIME.exec(time)?.slice(1).map(Number);
  if (!parts) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
