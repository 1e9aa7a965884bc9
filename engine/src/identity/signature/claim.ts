import { hash } from 'node:crypto';

/** What a request says of its signature: whether it is true is `verify`'s to say. */
export interface Claim {
  accessKeyId: string;
  /** YYYYMMDD, of the credential scope. */
  date: string;
  region: string;
  /** The signing name of the service. */
  service: string;
  /** Lower case, as they stand in the request. */
  signedHeaders: readonly string[];
  signature: string;
  /** When it was signed: YYYYMMDDTHHMMSSZ. */
  time: string;
  presigned: boolean;
}

/** Name and value of each header as it came, in order. */
export type RawHeaders = readonly (readonly [string, string])[];

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** A signature that lacks a part: the text is AWS's. */
export class IncompleteClaim extends Error {}

/**
 * The claim of an Authorization header.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#add-signature-to-request
 */
export function claimOfHeader(authorization: string, time: string | undefined): Claim {
  const credential = partOf(authorization, 'Credential');
  const signature = partOf(authorization, 'Signature');
  const signedHeaders = partOf(authorization, 'SignedHeaders');
  if (!credential || !signature || !signedHeaders || !time || !authorization.startsWith(`${ALGORITHM} `)) {
    const parts = { Credential: credential, Signature: signature, SignedHeaders: signedHeaders };
    throw new IncompleteClaim(missingFrom(authorization, parts, time));
  }
  const { accessKeyId, date, region, service } = scopeOf(credential);
  const names = signedHeaders.split(';');
  return { accessKeyId, date, region, service, signedHeaders: names, signature, time, presigned: false };
}

/**
 * `name=value`, between commas or the algorithm before and the end behind it; spaces around all of these are none.
 * Nothing where it comes twice: nobody could say which is meant.
 */
export function partOf(authorization: string, name: string): string {
  const end = endOf(authorization, name, 0);
  if (end < 0 || endOf(authorization, name, end) >= 0) return '';
  const comma = authorization.indexOf(',', end);
  return authorization.slice(end + 1, comma < 0 ? undefined : comma).trim();
}

function endOf(authorization: string, name: string, from: number): number {
  for (let at = authorization.indexOf(name, from); at >= 0; at = authorization.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (authorization[end] === '=' && /[ ,]/.test(authorization[at - 1] ?? '')) return end;
  }
  return -1;
}

function missingFrom(
  authorization: string,
  parts: Readonly<Record<string, string>>,
  time: string | undefined,
): string {
  const digest = hash('sha256', authorization, 'base64');
  const pairs = authorization.slice(authorization.indexOf(' ') + 1).split(',');
  if (!pairs.every((pair) => pair.includes('='))) {
    return `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '${digest}'.`;
  }
  if (!authorization.startsWith(`${ALGORITHM} `))
    return `Unsupported AWS 'algorithm': '${authorization.slice(0, authorization.indexOf(' '))}'.`;
  const problems = Object.keys(parts)
    .filter((name) => !parts[name])
    .map((name) => `Authorization header requires '${name}' parameter.`);
  if (!time) {
    problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  return `${problems.join(' ')} (Hashed with SHA-256 and encoded with Base64) Authorization=${digest}`;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
export function claimOfQuery(query: URLSearchParams): Claim {
  const given = (name: string) => query.get(name) ?? '';
  return {
    ...scopeOf(given('X-Amz-Credential')),
    signedHeaders: given('X-Amz-SignedHeaders').split(';'),
    signature: given('X-Amz-Signature'),
    time: given('X-Amz-Date'),
    presigned: true,
  };
}

const CREDENTIAL = /^(.+)\/([^/]*)\/([^/]*)\/([^/]*)\/aws4_request$/;

/** The key itself may hold slashes; the scope never does. */
function scopeOf(credential: string): Pick<Claim, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const found = CREDENTIAL.exec(credential);
  if (!found) {
    throw new IncompleteClaim(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const [, accessKeyId = '', date = '', region = '', service = ''] = found;
  return { accessKeyId, date, region, service };
}
