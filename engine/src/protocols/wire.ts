import type { Readable } from 'node:stream';

/** A request as the gateway took it off the socket. */
export interface WireRequest {
  method: string;
  /** Raw: still percent-encoded, without the query. S3's virtual-host requests come rewritten to path style. */
  path: string;
  /** Raw, without the '?'. */
  query: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Bytes, except where `isStreamingInput(op)`: then a Readable will do. */
  body: Uint8Array | Readable;
}

export interface WireResponse {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | string | Readable;
}

export interface ResponseMeta {
  requestId: string;
  /** S3's x-amz-id-2. */
  hostId?: string;
  status?: number;
  headers?: Record<string, string>;
}
