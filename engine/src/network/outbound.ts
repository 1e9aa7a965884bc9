import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import type { Host } from '../kernel';
import type { TlsIdentity } from './authority';

export interface OutboundRequest {
  url: URL;
  /** Where the Host header is not the URL's. */
  hostHeader?: string;
  method: string;
  headers: { flat(): string[] };
  body: Uint8Array;
  /** What is shown to a server that asks who calls. */
  identity?: TlsIdentity | undefined;
  /** Whether the certificate may be anybody's. */
  insecure?: boolean;
  /** Milliseconds without an answer. */
  timeout: number;
}

export interface OutboundHead {
  status: number;
  rawHeaders: string[];
}

export interface OutboundResponse extends OutboundHead {
  body: Buffer;
}

/** A response whose body is still coming. */
export interface OutboundStream extends OutboundHead {
  stream: Readable;
}

/** The other side could not be reached, or did not answer in HTTP. */
export class OutboundError extends Error {
  constructor(
    message: string,
    readonly timedOut: boolean,
  ) {
    super(message);
  }
}

/** Names of AWS and of this engine: they are answered here, never by the real AWS. */
const OWN =
  /(^|\.)(amazonaws\.com|cloudfront\.net|localstack\.cloud|on\.aws|api\.aws|execute-api\.localhost)$/;

export const isOwnName = (hostname: string): boolean => OWN.test(hostname);

/** A request that a gateway makes on behalf of a caller (HTTP integrations, custom origins). */
export async function outbound(host: Host, request: OutboundRequest): Promise<OutboundResponse> {
  const { stream, ...head } = await outboundStream(host, request);
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of stream) chunks.push(chunk as Buffer);
  } catch (error) {
    throw new OutboundError(error instanceof Error ? error.message : String(error), false);
  }
  return { ...head, body: Buffer.concat(chunks) };
}

/** The same, as soon as it begins to answer. */
export function outboundStream(host: Host, request: OutboundRequest): Promise<OutboundStream> {
  const { url } = request;
  const agents = host.memo('network.agents', () => ({
    http: new HttpAgent({ keepAlive: true, maxFreeSockets: 64 }),
    https: new HttpsAgent({ keepAlive: true, maxFreeSockets: 64 }),
  }));
  const own = OWN.test(url.hostname);
  const secure = url.protocol === 'https:' && !own;
  const options = {
    host: own ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, ''),
    port: own ? host.parts.addresses.port : url.port || (secure ? 443 : 80),
    path: `${url.pathname}${url.search}`,
    method: request.method,
    headers: [
      'Host',
      request.hostHeader ?? url.host,
      ...request.headers.flat(),
      'Content-Length',
      String(request.body.length),
    ],
    agent: secure ? agents.https : agents.http,
    ...(secure && request.insecure && { rejectUnauthorized: false }),
    ...(secure && request.identity),
    timeout: request.timeout,
  };
  return new Promise((resolve, reject) => {
    let timedOut = false;
    const fail = (error: Error) => reject(new OutboundError(error.message, timedOut));
    const outgoing = (secure ? httpsRequest : httpRequest)(options, (response: IncomingMessage) =>
      resolve({ status: response.statusCode ?? 502, rawHeaders: response.rawHeaders, stream: response }),
    );
    outgoing.on('error', fail);
    outgoing.on('timeout', () => {
      timedOut = true;
      outgoing.destroy(new Error('timed out'));
    });
    outgoing.end(request.body);
  });
}
