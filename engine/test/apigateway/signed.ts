import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, SourceData } from '@smithy/types';
import type { Sessions } from '../identity/callers';

class Sha256 implements Checksum {
  readonly #hash;
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** A request that is signed as clients of APIs with AWS_IAM do. */
export async function signedFetch(
  url: string,
  { credentials }: Sessions,
  { method = 'GET', body = '', service = 'execute-api', region = 'us-east-1' } = {},
): Promise<Response> {
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256 });
  const { host, hostname, pathname, searchParams } = new URL(url);
  const { headers } = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
    ...(body && { body }),
  });
  return fetch(url, { method, headers, ...(body && { body }) });
}

/** The same with the signature in the query. */
export async function presigned(url: string, { credentials }: Sessions): Promise<string> {
  const signer = new SignatureV4({
    credentials,
    region: 'us-east-1',
    service: 'execute-api',
    sha256: Sha256,
  });
  const { host, hostname, pathname } = new URL(url);
  const { query = {} } = await signer.presign(
    { method: 'GET', protocol: 'http:', hostname, path: pathname, headers: { host } },
    { expiresIn: 60 },
  );
  const values = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `${url}?${new URLSearchParams(values)}`;
}
