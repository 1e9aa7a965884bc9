import { SignatureV4 } from '@smithy/signature-v4';
import type { Sessions } from '../identity/callers';
import { Sha256 } from '../identity/sha256';

interface Signing {
  method?: string;
  body?: string;
  headers?: Record<string, string>;
  service?: string;
  region?: string;
}

const signer = ({ credentials }: Sessions, { region = 'us-east-1', service = 'execute-api' }: Signing = {}) =>
  new SignatureV4({ credentials, region, service, sha256: Sha256 });

/** The headers of a request that is signed as clients of APIs with AWS_IAM do. */
export async function signedHeaders(
  url: string,
  sessions: Sessions,
  signing: Signing = {},
): Promise<Record<string, string>> {
  const { body, headers, method = 'GET' } = signing;
  const { host, hostname, pathname, protocol, searchParams } = new URL(url);
  const request = await signer(sessions, signing).sign({
    method,
    protocol,
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host, ...headers },
    ...(body && { body }),
  });
  return request.headers;
}

export async function signedFetch(url: string, sessions: Sessions, signing: Signing = {}): Promise<Response> {
  const { body, method = 'GET' } = signing;
  const headers = await signedHeaders(url, sessions, signing);
  return fetch(url, { method, headers, ...(body && { body }) });
}

/** The same with the signature in the query. */
export async function presigned(url: string, sessions: Sessions): Promise<string> {
  const { host, hostname, pathname } = new URL(url);
  const { query = {} } = await signer(sessions).presign(
    { method: 'GET', protocol: 'http:', hostname, path: pathname, headers: { host } },
    { expiresIn: 60 },
  );
  const values = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return `${url}?${new URLSearchParams(values)}`;
}
