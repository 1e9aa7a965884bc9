import { canonicalRequest, sha256, stringToSign } from '../../src/identity/signature/canonical';
import { ALGORITHM, type Claim } from '../../src/identity/signature/claim';
import { compact } from '../../src/identity/signature/errors';
import { sign } from '../../src/identity/signature/keys';

interface Plain {
  method: string;
  /** Path and query, encoded. */
  url: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

interface Signer {
  service: string;
  region?: string;
  accessKeyId?: string;
  secret?: string;
  /** When it is signed. */
  at?: Date;
  /** Of the body, where it is not its digest. */
  payloadHash?: string;
}

/** The headers of a request that no SDK would make, signed: tests of what lies behind the door need to get in. */
export function signedHeaders(request: Plain, signer: Signer): Record<string, string> {
  const time = compact((signer.at ?? new Date()).getTime());
  const s3 = signer.service === 's3';
  const payloadHash = signer.payloadHash ?? sha256(request.body ?? '');
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-date': time,
    ...(s3 ? { 'x-amz-content-sha256': payloadHash } : {}),
  };
  const claim: Claim = {
    accessKeyId: signer.accessKeyId ?? 'test',
    date: time.slice(0, 8),
    region: signer.region ?? 'us-east-1',
    service: signer.service,
    signedHeaders: Object.keys(headers)
      .map((name) => name.toLowerCase())
      .sort(),
    signature: '',
    time,
    presigned: false,
  };
  const canonical = canonicalRequest({ ...request, headers: Object.entries(headers) }, claim, payloadHash);
  const signature = sign(signer.secret ?? 'test', claim, stringToSign(claim, canonical));
  const scope = `${claim.accessKeyId}/${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  return {
    ...headers,
    authorization: `${ALGORITHM} Credential=${scope}, SignedHeaders=${claim.signedHeaders.join(';')}, Signature=${signature}`,
  };
}

/** A URL of S3 that holds for `seconds`. */
export function presignedUrl(
  request: { method: string; path: string; host: string },
  options: { at: Date; seconds: string; accessKeyId?: string; secret?: string; token?: string },
): string {
  const time = compact(options.at.getTime());
  const accessKeyId = options.accessKeyId ?? 'test';
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const query = new URLSearchParams({
    'X-Amz-Algorithm': ALGORITHM,
    'X-Amz-Credential': `${accessKeyId}/${scope}`,
    'X-Amz-Date': time,
    'X-Amz-Expires': options.seconds,
    ...(options.token === undefined ? {} : { 'X-Amz-Security-Token': options.token }),
    'X-Amz-SignedHeaders': 'host',
  });
  const claim: Claim = {
    accessKeyId,
    date: time.slice(0, 8),
    region: 'us-east-1',
    service: 's3',
    signedHeaders: ['host'],
    signature: '',
    time,
    presigned: true,
  };
  const url = `${request.path}?${query}`;
  const wire = { method: request.method, url, headers: [['host', request.host]] as const };
  const canonical = canonicalRequest(wire, claim, 'UNSIGNED-PAYLOAD');
  const signature = sign(options.secret ?? 'test', claim, stringToSign(claim, canonical));
  return `${url}&X-Amz-Signature=${signature}`;
}
