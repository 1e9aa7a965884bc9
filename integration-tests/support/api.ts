import { randomUUID } from 'node:crypto';
import { deployment } from './deployment';

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  body: T;
}

/** Calls the API at its own address; `path` begins with /api. */
export async function call<T = Record<string, unknown>>(
  path: string,
  init?: RequestInit,
  base = deployment().apiUrl,
): Promise<Answer<T>> {
  const response = await fetch(base + path, init);
  const text = await response.text();
  const json = response.headers.get('content-type')?.includes('json') && text !== '';
  return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as T };
}

/** A query under which API Gateway’s cache has nothing yet: what is behind it answers. */
export const fresh = () => `after=${randomUUID()}`;

export interface BoughtTicket {
  id: string;
  showId: string;
  seats: number;
  priceCents: number;
  buyerEmail: string;
  status: string;
}

export function post<T = { ticket: BoughtTicket }>(body: unknown, key: string = randomUUID()) {
  return call<T>('/api/tickets', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export const buyer = (email = `${randomUUID()}@example.com`) => ({ name: 'Ada Guest', email });

/** Until `check` passes: an index of DynamoDB and a cache may be a moment behind. */
export async function eventually<T>(check: () => Promise<T>, forMs = 5_000): Promise<T> {
  const until = Date.now() + forMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
