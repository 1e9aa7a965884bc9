import { AwsError, notImplemented } from '../../kernel';
import { headerValue } from './canonical';
import { ALGORITHM, type Claim, partOf, type RawHeaders } from './claim';
import { compact, type SignatureErrors } from './errors';
import { millisOf } from './verify';

// S3 reads signatures with its own words, and in its own order.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html

/** What of a request its claim is read from. */
export interface S3Request {
  headers: RawHeaders;
  query: URLSearchParams;
  /** The endpoint's region, where its name says one. */
  region: string | undefined;
}

const BODIES = [
  'UNSIGNED-PAYLOAD',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER',
];

const invalidArgument = (name: string, value: string | undefined, message: string): AwsError =>
  new AwsError('InvalidArgument', message, {
    status: 400,
    members: { ArgumentName: name, ...(value === undefined ? {} : { ArgumentValue: value }) },
  });

/** The claim of a request, with everything checked that needs no key; undefined where nobody has signed. */
export function claimOfS3(
  request: S3Request,
  errors: SignatureErrors,
  /** Throws where the claim's time is too far from now. */
  checkTime: (signedAt: number, sent: string) => void,
): Claim | undefined {
  const authorization = headerValue(request.headers, 'authorization');
  const presigned = request.query.has('X-Amz-Algorithm');
  if (authorization === '') return presigned ? ofQuery(request) : undefined;
  if (presigned || request.query.has('Signature')) {
    throw invalidArgument(
      'Authorization',
      authorization,
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    );
  }
  checkMechanism(authorization);
  checkBody(headerValue(request.headers, 'x-amz-content-sha256'));
  const time = checkDate(request.headers, checkTime);
  return ofHeader(request, authorization, time, errors);
}

function checkMechanism(authorization: string): void {
  const space = authorization.indexOf(' ');
  if (space < 0) {
    throw invalidArgument(
      'Authorization',
      authorization,
      "Authorization header is invalid -- one and only one ' ' (space) required",
    );
  }
  const mechanism = authorization.slice(0, space).toUpperCase();
  if (mechanism === ALGORITHM) return;
  if (mechanism === 'AWS4-ECDSA-P256-SHA256') throw notImplemented('S3 signatures of version 4A');
  // As in all regions since 2014; us-east-1 alone still knows version 2.
  if (mechanism === 'AWS') {
    throw new AwsError(
      'InvalidRequest',
      `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
      { status: 400 },
    );
  }
  throw invalidArgument('Authorization', authorization, 'Unsupported Authorization Type');
}

function checkBody(digest: string): void {
  if (digest === '') {
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256', {
      status: 400,
    });
  }
  if (!BODIES.includes(digest) && !/^[0-9a-fA-F]{64}$/.test(digest)) {
    const known = `${BODIES.join(', ')} or a valid sha256 value.`;
    throw invalidArgument('x-amz-content-sha256', digest, `x-amz-content-sha256 must be ${known}`);
  }
  if (digest.includes('ECDSA')) throw notImplemented('S3 signatures of version 4A');
}

function checkDate(headers: RawHeaders, checkTime: (signedAt: number, sent: string) => void): string {
  const sent = headerValue(headers, 'x-amz-date') || headerValue(headers, 'date');
  const signedAt = millisOf(sent) ?? Date.parse(sent);
  if (Number.isNaN(signedAt) || /^\d{4}-/.test(sent)) {
    throw new AwsError('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header', {
      status: 403,
    });
  }
  checkTime(signedAt, sent);
  return millisOf(sent) === undefined ? compact(signedAt) : sent;
}

function ofHeader(request: S3Request, authorization: string, time: string, errors: SignatureErrors): Claim {
  const malformed = (message: string, members: Record<string, string> = {}) =>
    errors.malformed(`The authorization header is malformed; ${message}`, members);
  const credential = partOf(authorization, 'Credential');
  const signedHeaders = partOf(authorization, 'SignedHeaders').split(';');
  const signature = partOf(authorization, 'Signature');
  if (!credential || !signedHeaders[0] || !signature) {
    throw malformed(
      'the authorization header requires three components: Credential, SignedHeaders, and Signature.',
    );
  }
  const scope = scopeOf(credential, request.region, malformed);
  if (scope.date !== time.slice(0, 8))
    throw malformed('Invalid credential date. Date is not the same as X-Amz-Date.');
  checkSigned(request.headers, signedHeaders);
  const { accessKeyId, date, region, service } = scope;
  return { accessKeyId, date, region, service, signedHeaders, signature, time, presigned: false };
}

/** Of a presigned URL whose other parameters `checkPresigned` of the gateway has read. */
function ofQuery({ headers, query, region: expected }: S3Request): Claim {
  const wrong = (message: string, members: Record<string, string> = {}) =>
    new AwsError('AuthorizationQueryParametersError', message, { status: 400, members });
  const given = (name: string) => query.get(name) ?? '';
  const time = given('X-Amz-Date');
  const { accessKeyId, date, region, service } = scopeOf(
    given('X-Amz-Credential'),
    expected,
    (message, members) => wrong(`Error parsing the X-Amz-Credential parameter; ${message}`, members),
  );
  if (date !== time.slice(0, 8)) {
    throw wrong(
      `Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${time.slice(0, 8)}".`,
    );
  }
  const signedHeaders = given('X-Amz-SignedHeaders').split(';');
  checkSigned(headers, signedHeaders);
  const signature = given('X-Amz-Signature');
  return { accessKeyId, date, region, service, signedHeaders, signature, time, presigned: true };
}

type Scope = Pick<Claim, 'accessKeyId' | 'date' | 'region' | 'service'>;

function scopeOf(
  credential: string,
  expected: string | undefined,
  fault: (message: string, members?: Record<string, string>) => AwsError,
): Scope {
  const parts = credential.split('/');
  const [accessKeyId = '', date = '', region = '', service = '', terminal = ''] = parts;
  if (parts.length !== 5) {
    throw fault(
      'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (accessKeyId === '') throw fault('a non-empty Access Key (AKID) must be provided in the credential.');
  if (millisOf(`${date}T000000Z`) === undefined) {
    throw fault(
      `incorrect date format "${date}". This date in the credential must be in the format "yyyyMMdd".`,
    );
  }
  if (region === '') throw fault('a non-empty region must be provided in the credential.');
  if (expected !== undefined && region !== expected) {
    throw fault(`the region '${region}' is wrong; expecting '${expected}'`, { Region: expected });
  }
  if (service !== 's3') throw fault(`incorrect service "${service}". This endpoint belongs to "s3".`);
  if (terminal !== 'aws4_request')
    throw fault(`incorrect terminal "${terminal}". This endpoint uses "aws4_request".`);
  return { accessKeyId, date, region, service };
}

/** Headers that change what a request does have to be signed: nobody may add any on the way. */
function checkSigned(headers: RawHeaders, signed: readonly string[]): void {
  const names = new Set<string>();
  for (const [other] of headers) {
    const name = other.toLowerCase();
    const counts =
      name === 'host' ||
      name === 'content-md5' ||
      (name.startsWith('x-amz-') && name !== 'x-amz-content-sha256');
    if (counts && !signed.includes(name)) names.add(name);
  }
  if (names.size === 0) return;
  throw new AwsError('AccessDenied', 'There were headers present in the request which were not signed', {
    status: 403,
    members: { HeadersNotSigned: [...names].sort().join(', ') },
  });
}
