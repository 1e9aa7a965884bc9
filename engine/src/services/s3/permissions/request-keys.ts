import type { Call, Needed } from '../../../kernel';

type Keys = NonNullable<Needed['keys']>;

/**
 * The condition keys that every request to S3 has.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
export function requestKeys(call: Call): Keys {
  const { http } = call;
  // Calls that services make come over TLS on AWS, signed in a header.
  if (!http) return { 's3:authType': 'REST-HEADER', 's3:signatureversion': SIGV4, 's3:TlsVersion': TLS };
  return {
    's3:authType': () => signed(http.url, { query: ['REST-QUERY-STRING'], header: ['REST-HEADER'] }),
    's3:signatureversion': () => (/[?&]AWSAccessKeyId=/.test(http.url) ? ['AWS'] : [SIGV4]),
    's3:signatureAge': () => {
      const age = ageOf(http.url, call.clock.millis());
      return age === undefined ? undefined : [String(age)];
    },
    's3:TlsVersion': http.secure ? TLS : undefined,
    's3:x-amz-content-sha256': http.headers['x-amz-content-sha256'],
  };
}

const SIGV4 = 'AWS4-HMAC-SHA256';
/** The least that today's clients and servers agree on. */
const TLS = '1.3';

function signed<T>(url: string, by: { query: T; header: T }): T {
  return /[?&](X-Amz-Signature|Signature)=/.test(url) ? by.query : by.header;
}

/** Milliseconds since a presigned URL was signed. */
function ageOf(url: string, now: number): number | undefined {
  const date = /[?&]X-Amz-Date=(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(url);
  if (!date) return undefined;
  const [year = 0, month = 0, ...rest] = date.slice(1).map(Number);
  const [day = 0, hour = 0, minute = 0, second = 0] = rest;
  return now - Date.UTC(year, month - 1, day, hour, minute, second);
}
