import type { Exchange } from '../exchange';
import { type Fault, misconfigured } from '../faults';
import type { HeaderList } from '../headers';
import { isBinary } from '../media-types';

/** A payload on its way: text, which templates may read, or bytes, which they may not. */
export interface Payload {
  bytes: Buffer;
  binary: boolean;
}

/**
 * The request's body as the integration gets it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html
 */
export function requestPayload(exchange: Exchange, contentHandling: string | undefined): Payload {
  const { body, headers } = exchange.request;
  const given = headers.get('content-type') ?? 'application/json';
  if (isBinary(given, exchange.deployed.snapshot.binaryMediaTypes)) {
    return contentHandling === 'CONVERT_TO_TEXT' ? encoded(body) : { bytes: body, binary: true };
  }
  return contentHandling === 'CONVERT_TO_BINARY'
    ? decoded(body, () => misconfigured('Unable to base64 decode the body.'))
    : asText(body);
}

/** The integration's answer as the caller gets it: only the first media type of Accept counts. */
export function responsePayload(
  exchange: Exchange,
  answer: { headers: HeaderList; body: Buffer },
  contentHandling: string | undefined,
): Payload {
  const { binaryMediaTypes } = exchange.deployed.snapshot;
  const accepted = exchange.request.headers.get('accept')?.split(',')[0];
  const toText =
    contentHandling === 'CONVERT_TO_TEXT' ||
    (contentHandling !== 'CONVERT_TO_BINARY' && !isBinary(accepted, binaryMediaTypes));
  const { body } = answer;
  if (isBinary(answer.headers.get('content-type'), binaryMediaTypes)) {
    return toText ? encoded(body) : { bytes: body, binary: true };
  }
  return toText ? asText(body) : decoded(body, () => misconfigured('Unable to base64 decode the body.'));
}

const encoded = (body: Buffer): Payload => ({ bytes: Buffer.from(body.toString('base64')), binary: false });

/** What is no UTF-8 is lost on the way, as it is on AWS. */
function asText(body: Buffer): Payload {
  return { bytes: Buffer.from(body.toString('utf8')), binary: false };
}

/** A function's result is a JSON text: its quotes are not part of the data. */
function decoded(body: Buffer, fault: () => Fault): Payload {
  const text = body
    .toString('latin1')
    .trim()
    .replace(/^"(.*)"$/s, '$1');
  if (!/^[A-Za-z0-9+/\r\n]*={0,2}$/.test(text) || text.replace(/[\r\n=]/g, '').length % 4 === 1)
    throw fault();
  return { bytes: Buffer.from(text, 'base64'), binary: true };
}
