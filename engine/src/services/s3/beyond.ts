import { AwsError, type BeyondAnswer, type BeyondRequest, type Call } from '../../kernel';
import { preflight } from './cors';
import { postObject } from './post-object';
import { stateOf } from './store';

/** What browsers ask S3 that no SDK does: whether they may (OPTIONS), and to take a form (POST). */
export async function beyond(request: BeyondRequest, call: Call): Promise<BeyondAnswer | undefined> {
  const [, encoded = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(request.path) ?? [];
  const { method } = call.http ?? {};
  if (encoded === '' || (method !== 'OPTIONS' && method !== 'POST')) return undefined;
  const bucket = decoded(encoded);
  if (method === 'OPTIONS') {
    const headers = preflight(stateOf(call).buckets.get(bucket), {
      headers: call.http?.headers ?? {},
      resource: key === '' ? 'BUCKET' : 'OBJECT',
    });
    return { status: 200, headers };
  }
  if (method === 'POST' && key === '' && !call.http?.url.includes('?')) {
    return postObject(call, bucket, request.body);
  }
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.", { status: 400 });
  }
}
