import type { Readable } from 'node:stream';

/** The signatures of a body's chunks and of what trails them, in their order. */
export interface SignedChunks {
  /** Whether `signature` is the next chunk's, whose bytes have this SHA-256 digest in hex. */
  chunk(signature: string | undefined, digest: string): boolean;
  /** Whether `signature` is that of the trailing headers, given as `name:value\n` each. */
  trailer(signature: string | undefined, headers: string): boolean;
}

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
  /** Where the body's chunks are signed, each by itself. */
  chunks?: SignedChunks;
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
