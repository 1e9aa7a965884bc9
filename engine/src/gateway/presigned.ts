import { AwsError, type Clock, notImplemented, systemClock } from '../kernel';

/** The longest a presigned URL lives. */
const WEEK = 604_800;
/** How far in the future it may have been signed. */
const SKEW = 15 * 60_000;

function parameterError(message: string): AwsError {
  return new AwsError('AuthorizationQueryParametersError', message, { status: 400 });
}

function expired(clock: Clock, at: number, asked: Record<string, string>): AwsError {
  return new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    members: { ...asked, Expires: iso(at), ServerTime: iso(clock.millis()) },
  });
}

const iso = (millis: number): string => new Date(millis).toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * Whether a presigned URL of S3 is still good.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html (signature version 2, as `aws s3 presign`
 * and boto3 still make them in us-east-1)
 */
export function checkPresigned(clock: Clock, query: string): void {
  const parameters = new URLSearchParams(query);
  if (!parameters.has('X-Amz-Algorithm')) {
    if (parameters.has('AWSAccessKeyId')) checkVersion2(clock, parameters);
    return;
  }
  checkComplete(parameters);
  const text = parameters.get('X-Amz-Expires') ?? '';
  const seconds = Number(text);
  if (!/^-?\d+$/.test(text)) throw parameterError('X-Amz-Expires should be a number');
  if (seconds < 0) throw parameterError('X-Amz-Expires must be non-negative');
  if (seconds > WEEK) {
    throw parameterError(
      'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
    );
  }
  const at = dateOf(parameters.get('X-Amz-Date') ?? '');
  if (at === undefined)
    throw parameterError("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  const end = at + seconds * 1000;
  // Clients date their signatures by the world's time, also where a test moves the engine's.
  if (at - Math.max(clock.millis(), systemClock.millis()) > SKEW) {
    throw new AwsError('AccessDenied', 'Request is not yet valid', {
      status: 403,
      members: { 'X-Amz-Date': String(at), Expires: iso(end), ServerTime: iso(clock.millis()) },
    });
  }
  if (end <= clock.millis()) throw expired(clock, end, { 'X-Amz-Expires': text });
}

const NEEDED = ['Credential', 'Signature', 'Date', 'SignedHeaders', 'Expires'].map((name) => `X-Amz-${name}`);

function checkComplete(parameters: URLSearchParams): void {
  const algorithm = parameters.get('X-Amz-Algorithm');
  if (algorithm === 'AWS4-ECDSA-P256-SHA256') throw notImplemented('S3 signatures of version 4A');
  if (algorithm !== 'AWS4-HMAC-SHA256') {
    throw parameterError('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"');
  }
  if (NEEDED.every((name) => parameters.has(name))) return;
  throw parameterError(
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  );
}

function checkVersion2(clock: Clock, parameters: URLSearchParams): void {
  const text = parameters.get('Expires') ?? '';
  if (!parameters.get('Signature') || !text) {
    throw new AwsError(
      'AccessDenied',
      'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters',
      { status: 403 },
    );
  }
  if (!/^\d+$/.test(text)) {
    throw new AwsError('AccessDenied', `Invalid date (should be seconds since epoch): ${text}`, {
      status: 403,
    });
  }
  const end = Number(text) * 1000;
  if (end <= clock.millis()) throw expired(clock, end, {});
}

function dateOf(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
