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
  const rest = authorization.slice(ALGORITHM.length);
  const parts = new Map(
    rest.split(',').map((part) => {
      const at = part.indexOf('=');
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()] as const;
    }),
  );
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name));
  const problems = missing.map((name) => `Authorization header requires '${name}' parameter.`);
  if (!time) {
    problems.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (problems.length > 0) throw new IncompleteClaim(`${problems.join(' ')} Authorization=${ALGORITHM}`);
  return {
    ...scopeOf(parts.get('Credential') ?? ''),
    signedHeaders: (parts.get('SignedHeaders') ?? '').split(';'),
    signature: parts.get('Signature') ?? '',
    time: time ?? '',
    presigned: false,
  };
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

function scopeOf(credential: string): Pick<Claim, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const parts = credential.split('/');
  // The key itself may hold slashes; the scope never does.
  const [date = '', region = '', service = '', terminator = ''] = parts.slice(-4);
  if (parts.length < 5 || terminator !== 'aws4_request') {
    throw new IncompleteClaim(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  return { accessKeyId: parts.slice(0, -4).join('/'), date, region, service };
}
