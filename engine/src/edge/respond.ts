import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import { notModified } from './conditional';
import type { Answer, ViewerRequest } from './viewer';

/** Headers of the connection to the origin, which are not the viewer's. */
const DROPPED = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding', 'via'];

/** Writes an answer with CloudFront's own headers. */
export function respond(
  request: ViewerRequest,
  answer: Answer,
  res: ServerResponse,
  where: { requestId: string; domainName: string },
): void {
  const { headers } = answer;
  for (const name of DROPPED) headers.remove(name);
  headers.set('X-Cache', `${answer.outcome} from cloudfront`);
  headers.set('Via', `1.1 ${where.domainName.split('.')[0]}.cloudfront.net (CloudFront)`);
  headers.set('X-Amz-Cf-Pop', 'LOC50-C1');
  headers.set('X-Amz-Cf-Id', where.requestId);
  if (answer.age !== undefined) headers.set('Age', String(answer.age));
  const out: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(headers.multi()))
    out[name] = values.length === 1 ? values[0]! : values;
  if (answer.status === 200 && notModified(request, headers)) {
    delete out['Content-Type'];
    answer.stream?.content.destroy();
    res.writeHead(304, out).end();
    return;
  }
  if (answer.stream) {
    out['Content-Length'] = String(answer.stream.length);
    res.writeHead(answer.status, out);
    // A viewer who leaves ends the reading; there is nobody left to tell of an error.
    pipeline(answer.stream.content, res, () => {});
    return;
  }
  const head = request.method === 'HEAD';
  const bodiless = answer.status === 204 || answer.status === 304;
  if (!bodiless && !head) out['Content-Length'] = String(answer.body.length);
  res.writeHead(answer.status, out).end(head || bodiless ? undefined : answer.body);
}
