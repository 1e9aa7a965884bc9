import { HeaderList } from '../../execute-api/headers';
import type { Host } from '../../kernel';
import { OutboundError, outbound } from '../../network/outbound';
import type { CustomOrigin } from '../distributions';
import { errorPage } from '../errors';
import type { OriginRequest } from '../origin-request';
import type { EdgeResponse } from '../viewer';

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** An HTTP server as origin. Names of AWS, such as an API's, are answered by this engine. */
export async function fetchCustom(
  host: Host,
  origin: CustomOrigin,
  request: OriginRequest,
  requestId: string,
): Promise<EdgeResponse> {
  // Viewers are taken to speak HTTPS: the listener stands where CloudFront has ended TLS already.
  const secure = origin.protocolPolicy !== 'http-only';
  const port = secure ? origin.httpsPort : origin.httpPort;
  const standard = port === (secure ? 443 : 80);
  const query = request.query === '' ? '' : `?${request.query}`;
  const authority = standard ? origin.domainName : `${origin.domainName}:${port}`;
  const url = new URL(`${secure ? 'https' : 'http'}://${authority}${request.path}${query}`);
  // Requests that change something are never sent twice.
  const attempts = request.method === 'GET' || request.method === 'HEAD' ? origin.attempts : 1;
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await outbound(host, {
        url,
        hostHeader: request.headers.get('host'),
        method: request.method,
        headers: withoutHost(request.headers),
        body: request.body,
        timeout: origin.readTimeout,
      });
      const headers = new HeaderList();
      for (const [name, value] of HeaderList.fromRaw(answer.rawHeaders).entries) {
        if (!HOP_BY_HOP.has(name.toLowerCase())) headers.append(name, value);
      }
      return { status: answer.status, headers, body: answer.body };
    } catch (error) {
      if (!(error instanceof OutboundError)) throw error;
      if (attempt >= attempts) return errorPage(error.timedOut ? 504 : 502, requestId);
    }
  }
}

function withoutHost(headers: HeaderList): HeaderList {
  const out = new HeaderList();
  for (const [name, value] of headers.entries) if (name.toLowerCase() !== 'host') out.append(name, value);
  return out;
}
