import type { WireRequest } from '../../src/protocols';

/** Requests as they come off a socket. */

export function request(method: string, url: string, parts: Partial<WireRequest> = {}): WireRequest {
  const [path = '', query = ''] = url.split('?');
  return { method, path, query, headers: {}, body: new Uint8Array(), ...parts };
}

export function json(target: string, body: unknown, type = 'application/x-amz-json-1.0'): WireRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return request('POST', '/', {
    headers: { 'x-amz-target': target, 'content-type': type },
    body: new Uint8Array(Buffer.from(text)),
  });
}

export function form(body: string): WireRequest {
  return request('POST', '/', {
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: new Uint8Array(Buffer.from(body)),
  });
}

export function xml(method: string, url: string, body: string): WireRequest {
  return request(method, url, { body: new Uint8Array(Buffer.from(body)) });
}

export function textOf(body: unknown): string {
  return Buffer.from(body as Uint8Array).toString('utf8');
}
