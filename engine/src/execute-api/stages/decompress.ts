import { gunzipSync, inflateSync } from 'node:zlib';
import type { Exchange } from '../exchange';
import { tooLarge, unsupportedMediaType } from '../faults';
import { MAX_PAYLOAD, TOO_LONG } from '../parse';

const CODINGS: Readonly<Record<string, (body: Buffer, options: { maxOutputLength: number }) => Buffer>> = {
  deflate: inflateSync,
  gzip: gunzipSync,
};

/**
 * A compressed body is unpacked for whoever stands behind the method; an API with a minimum for compression leaves
 * smaller ones as they are. It comes behind the authorizers: a signature was made over what was sent.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html
 */
export function decompress({ deployed, request }: Exchange): void {
  const coding = request.headers.get('content-encoding')?.trim().toLowerCase();
  if (!coding || coding === 'identity' || request.body.length === 0) return;
  const unpack = Object.hasOwn(CODINGS, coding) ? CODINGS[coding] : undefined;
  if (!unpack) throw unsupportedMediaType();
  if (request.body.length < (deployed.snapshot.minimumCompressionSize ?? 0)) return;
  try {
    request.body = unpack(request.body, { maxOutputLength: MAX_PAYLOAD });
  } catch (error) {
    throw isTooMuch(error) ? tooLarge(TOO_LONG) : unsupportedMediaType();
  }
}

const isTooMuch = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
