import type { Readable } from 'node:stream';
import type { HeaderList } from '../execute-api/headers';

/** A request as the viewer sent it. */
export interface ViewerRequest {
  method: string;
  /** Without query, encoded, beginning with a slash. */
  path: string;
  /** Without the question mark. */
  query: string;
  headers: HeaderList;
  body: Buffer;
  sourceIp: string;
}

export interface EdgeResponse {
  status: number;
  headers: HeaderList;
  body: Buffer;
  /** Instead of the body, where it is too large to be held or kept. */
  stream?: { content: Readable; length: number };
}

/** What came out of the edge, and how it came about, for `x-cache`. */
export interface Answer extends EdgeResponse {
  outcome: 'Hit' | 'Miss' | 'RefreshHit' | 'Error' | 'LambdaGeneratedResponse' | 'FunctionGeneratedResponse';
  /** Seconds since the origin answered; only for hits. */
  age?: number;
}
