import { canonicalRequest, sha256, stringToSign } from './canonical';
import { ALGORITHM, type Claim } from './claim';
import { compact } from './errors';
import { sign } from './keys';

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

/** The headers of a request, signed: for those who speak to an engine without an SDK. The administrator's if nobody is named. */
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
