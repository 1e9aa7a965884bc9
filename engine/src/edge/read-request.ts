import type { IncomingMessage } from 'node:http';
import { HeaderList } from '../execute-api/headers';
import { bodyWithin } from '../gateway/body';
import type { ViewerRequest } from './viewer';

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html */
const MAX_URL = 8192;
/** CloudFront takes 50 GB; what is held in memory here is less, and origins behind it take less still. */
const MAX_BODY = 20 * 1024 * 1024;

export type Refusal = { status: number; detail: string };

/** The viewer's request, or why it is none. */
export async function readRequest(req: IncomingMessage): Promise<ViewerRequest | Refusal> {
  const url = req.url ?? '/';
  if (url.length > MAX_URL) return refuse(req, 414, 'The URL is too long.');
  if (!url.startsWith('/')) return refuse(req, 400, 'Bad request.');
  const cut = url.indexOf('?');
  const body = await bodyWithin(req, MAX_BODY);
  if (!body) return refuse(req, 413, 'The request body is too large.');
  const address = req.socket.remoteAddress ?? '127.0.0.1';
  return {
    method: req.method ?? 'GET',
    path: cut < 0 ? url : url.slice(0, cut),
    query: cut < 0 ? '' : url.slice(cut + 1),
    headers: HeaderList.fromRaw(req.rawHeaders),
    body,
    sourceIp: address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address,
  };
}

function refuse(req: IncomingMessage, status: number, detail: string): Refusal {
  req.resume();
  return { status, detail };
}
