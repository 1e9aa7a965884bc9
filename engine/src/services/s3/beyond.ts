import type { BeyondAnswer, BeyondRequest, Call } from '../../kernel';
import { preflight } from './cors';
import { postObject } from './post-object';
import { stateOf } from './store';

/** What browsers ask S3 that no SDK does: whether they may (OPTIONS), and to take a form (POST). */
export async function beyond(request: BeyondRequest, call: Call): Promise<BeyondAnswer | undefined> {
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
  const { method } = call.http ?? {};
  if (bucket === '') return undefined;
  if (method === 'OPTIONS') {
    const headers = preflight(stateOf(call).buckets.get(decodeURIComponent(bucket)), {
      headers: call.http?.headers ?? {},
      resource: key === '' ? 'BUCKET' : 'OBJECT',
    });
    return { status: 200, headers };
  }
  if (method === 'POST' && key === '' && !call.http?.url.includes('?')) {
    return postObject(call, decodeURIComponent(bucket), request.body);
  }
  return undefined;
}
