import type { HeaderList } from '../execute-api/headers';
import type { ViewerRequest } from './viewer';

/** Whether the viewer has this very answer already, so that a 304 will do. */
export function notModified(request: ViewerRequest, headers: HeaderList): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false;
  const etag = headers.get('etag');
  const wanted = request.headers.get('if-none-match');
  if (wanted !== undefined) {
    const weak = (tag: string) => tag.trim().replace(/^W\//, '');
    return (
      etag !== undefined && wanted.split(',').some((tag) => tag.trim() === '*' || weak(tag) === weak(etag))
    );
  }
  const since = Date.parse(request.headers.get('if-modified-since') ?? '');
  const modified = Date.parse(headers.get('last-modified') ?? '');
  return !Number.isNaN(since) && !Number.isNaN(modified) && modified <= since;
}
