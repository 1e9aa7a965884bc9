import { type Clock, type Principal, systemClock } from '../kernel';
import type { Identity, KnownKey } from './identity';
import { headerValue, type SignedRequest, sha256 } from './signature/canonical';
import { ChunkSignatures } from './signature/chunks';
import { type Claim, claimOfHeader, claimOfQuery, IncompleteClaim } from './signature/claim';
import { compact, type Family, SignatureErrors } from './signature/errors';
import { claimOfS3 } from './signature/s3-claim';
import { millisOf, verify } from './signature/verify';
import { isVersion2, stringToSignVersion2 } from './signature/version2';

/** A request at the door. */
export interface Knock extends SignedRequest {
  family: Family;
  /** Signing names of the service it goes to. */
  services: readonly string[];
  /** The path with an S3 bucket in it, however the bucket was named. */
  resource: string;
  /** The body, where it has been read; a streamed one is held against its own digest as it comes. */
  body: Uint8Array | undefined;
  /** The endpoint's region, where its name says one. */
  region?: string | undefined;
}

/** Where access keys are known. */
type Keys = Pick<Identity, 'find'>;

/** Who it is, and what the chunks of a streamed body must be signed with, where they are. */
export interface Authenticated {
  principal: Principal;
  chunks?: ChunkSignatures;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, RequestTimeTooSkewed */
const S3_SKEW = 15 * 60_000;
/** What the other services say in "Signature expired: … - 5 min." */
const SKEW = 5 * 60_000;

/**
 * Finds out who signed a request and whether they did. Undefined for an unsigned one: whether strangers may come in is
 * for the service's policies to say. Throws what AWS answers in each protocol.
 */
export function authenticate(knock: Knock, identity: Keys, clock: Clock): Authenticated | undefined {
  const errors = new SignatureErrors(knock.family);
  if (knock.family === 's3' && VERSION_2.test(knock.url)) return version2(knock, identity, clock, errors);
  const claim = knock.family === 's3' ? s3Claim(knock, clock, errors) : claimOf(knock, errors);
  if (!claim) return undefined;
  const key = identity.find(claim.accessKeyId);
  if (!key) throw errors.unknownKey(claim.accessKeyId);
  checkToken(knock, claim, key, errors);
  if (knock.family !== 's3') {
    checkScope(knock, claim, errors);
    checkTime(claim, clock, errors);
  }
  const mismatch = verify(knock, claim, key.secretAccessKey, payloadHash(knock, claim));
  if (mismatch) {
    const { accessKeyId, signature } = claim;
    throw errors.mismatch({ accessKeyId, signature, ...mismatch });
  }
  // Only once the signature is right is it said that it has ended.
  if (key.expiresAt !== undefined && key.expiresAt <= clock.millis())
    throw errors.expiredToken(tokenOf(knock, claim));
  const { principal } = key;
  if (!headerValue(knock.headers, 'x-amz-content-sha256').startsWith(SIGNED_CHUNKS)) return { principal };
  return { principal, chunks: new ChunkSignatures(key.secretAccessKey, claim) };
}

const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD';
const VERSION_2 = /[?&]AWSAccessKeyId=/;

/** Presigned URLs of S3 only: `aws s3 presign` and boto3 still make them in us-east-1. */
function version2(knock: Knock, identity: Keys, clock: Clock, errors: SignatureErrors): Authenticated {
  const query = queryOf(knock);
  const accessKeyId = query.get('AWSAccessKeyId') ?? '';
  const signature = query.get('Signature') ?? '';
  const key = identity.find(accessKeyId);
  if (!key) throw errors.unknownKey(accessKeyId);
  const token = query.get('x-amz-security-token') ?? '';
  if (key.sessionToken !== undefined && token !== key.sessionToken) throw errors.wrongToken(token);
  const text = stringToSignVersion2(knock, knock.resource, query);
  if (!isVersion2(key.secretAccessKey, text, signature))
    throw errors.mismatch({ accessKeyId, signature, stringToSign: text });
  if (key.expiresAt !== undefined && key.expiresAt <= clock.millis()) throw errors.expiredToken(token);
  return { principal: key.principal };
}

function s3Claim(knock: Knock, clock: Clock, errors: SignatureErrors): Claim | undefined {
  const { headers, region } = knock;
  return claimOfS3({ headers, query: queryOf(knock), region }, errors, (signedAt, sent) => {
    const now = nearest(signedAt, clock);
    if (Math.abs(now - signedAt) > S3_SKEW) throw errors.skewed(signedAt, now, S3_SKEW, sent);
  });
}

function claimOf(knock: Knock, errors: SignatureErrors): Claim | undefined {
  const authorization = headerValue(knock.headers, 'authorization');
  try {
    if (authorization) {
      const time = headerValue(knock.headers, 'x-amz-date') || dateOf(headerValue(knock.headers, 'date'));
      return claimOfHeader(authorization, time);
    }
    const query = queryOf(knock);
    return query.has('X-Amz-Signature') || query.has('X-Amz-Credential') ? claimOfQuery(query) : undefined;
  } catch (error) {
    if (error instanceof IncompleteClaim) throw errors.incomplete(error.message);
    throw error;
  }
}

function dateOf(text: string): string | undefined {
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? undefined : compact(millis);
}

/** The query of a request's URL, which need not be one that `URL` takes: a path may be `//`. */
export const queryOf = ({ url }: Pick<SignedRequest, 'url'>): URLSearchParams => {
  const cut = url.indexOf('?');
  return new URLSearchParams(cut < 0 ? '' : url.slice(cut + 1));
};

const tokenOf = (knock: Knock, claim: Claim): string =>
  claim.presigned
    ? (queryOf(knock).get('X-Amz-Security-Token') ?? '')
    : headerValue(knock.headers, 'x-amz-security-token');

function checkToken(knock: Knock, claim: Claim, key: KnownKey, errors: SignatureErrors): void {
  const given = tokenOf(knock, claim);
  // Who signs as the administrator may have a token in the environment that nobody gave out.
  if (key.sessionToken === undefined && (given === '' || key.principal.type === 'root')) return;
  if (given === key.sessionToken) return;
  // A session's key alone is nobody's key.
  throw given === '' ? errors.unknownKey(claim.accessKeyId) : errors.wrongToken(given);
}

function checkScope(knock: Knock, claim: Claim, errors: SignatureErrors): void {
  const wrong = [
    ...(knock.region === undefined || knock.region === claim.region
      ? []
      : ['Credential should be scoped to a valid region. ']),
    ...(knock.services.includes(claim.service)
      ? []
      : [`Credential should be scoped to correct service: '${knock.services[0]}'. `]),
  ];
  if (wrong.length > 0) throw errors.invalid(wrong.join(''));
  if (!claim.signedHeaders.includes('host')) {
    throw errors.invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!claim.time.startsWith(claim.date)) {
    throw errors.invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${claim.date}' != '${claim.time.slice(0, 8)}', from '${claim.time}'.`,
    );
  }
}

function checkTime(claim: Claim, clock: Clock, errors: SignatureErrors): void {
  const signedAt = millisOf(claim.time);
  if (signedAt === undefined) {
    throw errors.incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${claim.time}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const now = nearest(signedAt, clock);
  const early = signedAt - now > SKEW;
  const late = now - signedAt > SKEW;
  if (early || (late && !claim.presigned)) throw errors.skewed(signedAt, now, SKEW, claim.time);
}

/** Clients date their signatures by the world's time, also where a test moves the engine's. */
function nearest(to: number, clock: Clock): number {
  const [engine, world] = [clock.millis(), systemClock.millis()];
  return Math.abs(to - engine) <= Math.abs(to - world) ? engine : world;
}

/** S3 takes the signer's word and checks the body against it as it comes; others hash what they were sent. */
function payloadHash(knock: Knock, claim: Claim): string {
  const told = headerValue(knock.headers, 'x-amz-content-sha256');
  if (claim.presigned && knock.family === 's3') return told || 'UNSIGNED-PAYLOAD';
  if (knock.body === undefined) return told || sha256('');
  return told === 'UNSIGNED-PAYLOAD' ? told : sha256(knock.body);
}
