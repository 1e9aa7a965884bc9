import type { IncomingMessage } from 'node:http';
import { AwsError, isAwsError } from '../kernel';

/** Reads a whole request body; more than `limit` bytes are refused without being kept. */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else {
        chunks.length = 0;
        reject(
          new AwsError('RequestEntityTooLargeException', `Request must be smaller than ${limit} bytes`, {
            status: 413,
          }),
        );
      }
    });
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('aborted', () =>
      reject(
        new AwsError('RequestTimeout', 'The connection was closed before the request was whole.', {
          status: 400,
        }),
      ),
    );
  });
}

const NOTHING = Buffer.alloc(0);

/** Undefined where the body is over the limit; what is left of it is read away, so that the answer gets through. */
export async function bodyWithin(req: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const { 'content-length': length, 'transfer-encoding': encoding } = req.headers;
  // Who announces no body has none: nothing is waited for.
  if (length === undefined && encoding === undefined) return NOTHING;
  if (Number(length ?? 0) > limit) {
    req.resume();
    return undefined;
  }
  try {
    return await readBody(req, limit);
  } catch (error) {
    if (isAwsError(error, 'RequestEntityTooLargeException')) return undefined;
    throw error;
  }
}

/** Node's headers as one string a name. */
export function flatHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}
