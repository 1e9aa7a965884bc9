import { HeaderList } from '../execute-api/headers';
import type { Host } from '../kernel';
import type { EdgeCache } from './cache';
import { cacheKey, pathAndQuery } from './cache-key';
import { acceptedEncodings, compressed } from './compress';
import type { EdgeBehaviour, EdgeDistribution } from './distributions';
import { isError, secondsToKeepError } from './error-response';
import { errorPage } from './errors';
import { secondsToKeep } from './freshness';
import { originRequest } from './origin-request';
import { fetchCustom } from './origins/custom';
import { fetchS3 } from './origins/s3';
import { matchesPattern } from './patterns';
import { applyResponseHeaders } from './response-headers';
import type { Answer, EdgeResponse, ViewerRequest } from './viewer';

/** One viewer's request at one distribution. */
export interface Visit {
  host: Host;
  cache: EdgeCache;
  distribution: EdgeDistribution;
  requestId: string;
}

/**
 * How CloudFront answers: behaviour, method, cache, origin, error page, response headers.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html
 */
export async function serve(visit: Visit, given: ViewerRequest): Promise<Answer> {
  const { distribution } = visit;
  const request = withDefaultRoot(distribution, given);
  const behaviour = behaviourFor(distribution, request.path);
  if (!behaviour.allowedMethods.has(request.method)) {
    return errorPage(
      403,
      visit.requestId,
      'This distribution is not configured to allow the HTTP request method that was used for this request.',
    );
  }
  const answer = await answerTo(visit, behaviour, request);
  const replaced = isError(answer.status) ? await withErrorPage(visit, answer) : answer;
  if (behaviour.responseHeaders) applyResponseHeaders(behaviour.responseHeaders, request, replaced.headers);
  return replaced;
}

function withDefaultRoot(distribution: EdgeDistribution, request: ViewerRequest): ViewerRequest {
  if (request.path !== '/' || distribution.defaultRootObject === '') return request;
  return { ...request, path: `/${distribution.defaultRootObject}` };
}

/** The first whose pattern fits; the default behaviour is the last and fits always. */
function behaviourFor(distribution: EdgeDistribution, path: string): EdgeBehaviour {
  const found = distribution.behaviours.find((behaviour) => matchesPattern(behaviour.pattern, path));
  if (!found) throw new Error(`distribution ${distribution.id} has no default behaviour`);
  return found;
}

async function answerTo(visit: Visit, behaviour: EdgeBehaviour, request: ViewerRequest): Promise<Answer> {
  const { cache, distribution, host } = visit;
  const cacheable = behaviour.cachedMethods.has(request.method) && !request.headers.has('range');
  const key = cacheKey(behaviour.cache, request);
  const now = host.clock.millis();
  const stored = cacheable ? cache.get(distribution.id, key) : undefined;
  // A HEAD answer has no body to give to a GET.
  const usable = stored && (request.method === 'HEAD' || !stored.headersOnly) ? stored : undefined;
  if (usable && usable.expiresAt > now) {
    const age = Math.floor((now - usable.storedAt) / 1000);
    return { ...copy(usable), outcome: isError(usable.status) ? 'Error' : 'Hit', age };
  }
  const response = await fetchOrigin(visit, behaviour, request);
  if (behaviour.compress && request.method !== 'HEAD') {
    compressed(response, acceptedEncodings(behaviour.cache, request));
  }
  const seconds = isError(response.status)
    ? secondsToKeepError(distribution, response)
    : secondsToKeep(behaviour.cache, response.headers, now);
  if (cacheable && seconds > 0 && isStorable(response)) {
    cache.put(distribution.id, key, {
      ...copy(response),
      path: pathAndQuery(behaviour.cache, request),
      storedAt: now,
      expiresAt: now + seconds * 1000,
      headersOnly: request.method === 'HEAD',
    });
  }
  return { ...response, outcome: isError(response.status) ? 'Error' : 'Miss' };
}

function isStorable(response: EdgeResponse): boolean {
  if (response.stream) return false;
  if (response.headers.get('vary')?.trim() === '*') return false;
  return [200, 203, 300, 301, 302, 307, 308, 404, 410].includes(response.status) || isError(response.status);
}

async function fetchOrigin(
  visit: Visit,
  behaviour: EdgeBehaviour,
  request: ViewerRequest,
): Promise<EdgeResponse> {
  const { distribution, host, requestId } = visit;
  const origin = distribution.origins.get(behaviour.originId);
  if (!origin) throw new Error(`distribution ${distribution.id} has no origin ${behaviour.originId}`);
  const outgoing = originRequest(origin, behaviour, request, requestId);
  return origin.kind === 's3'
    ? fetchS3(host, distribution, origin, outgoing, requestId)
    : fetchCustom(host, origin, outgoing, requestId);
}

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html */
async function withErrorPage(visit: Visit, answer: Answer): Promise<Answer> {
  const custom = visit.distribution.errorResponses.get(answer.status);
  if (!custom?.page) return answer;
  const [path = '', query = ''] = custom.page.split('?', 2);
  const page: ViewerRequest = {
    method: 'GET',
    path,
    query,
    headers: new HeaderList(),
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  };
  const found = await answerTo(visit, behaviourFor(visit.distribution, path), page);
  // Where the page itself cannot be had, the viewer gets the origin's error.
  if (isError(found.status)) return answer;
  return { ...found, status: custom.status ?? answer.status, outcome: 'Error' };
}

function copy(response: EdgeResponse): EdgeResponse {
  const headers = new HeaderList();
  for (const [name, value] of response.headers.entries) headers.append(name, value);
  return { status: response.status, headers, body: response.body };
}
