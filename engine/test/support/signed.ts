import { canonicalRequest, stringToSign } from '../../src/identity/signature/canonical';
import { ALGORITHM, type Claim } from '../../src/identity/signature/claim';
import { compact } from '../../src/identity/signature/errors';
import { sign } from '../../src/identity/signature/keys';

export { signedHeaders } from '../../src/identity/signature/signed-headers';

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
