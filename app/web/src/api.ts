import type { ProgrammeNote, Show, Ticket, Venue } from '../../shared/domain';

export type { ProgrammeNote, Show, Ticket, Venue };

export interface Info {
  venues: Venue[];
  notes: ProgrammeNote[];
}

export interface Order {
  showId: string;
  seats: number;
  buyer: { name: string; email: string };
}

/** What the API refused, in its own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly title: string;
  readonly requestId: string | undefined;

  constructor(status: number, title: string, detail: string, requestId?: string) {
    super(detail);
    this.status = status;
    this.title = title;
    this.requestId = requestId;
  }
}

interface ProblemBody {
  title?: string;
  detail?: string;
  requestId?: string;
}

async function call<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(`/api${path}`, init);
  } catch (error) {
    if (init?.signal?.aborted) throw error;
    throw new ApiError(0, 'The box office does not answer', 'Check your connection, then try again.');
  }
  if (response.status === 204) return undefined as T;
  const type = response.headers.get('content-type') ?? '';
  if (response.ok && type.startsWith('application/json')) return (await response.json()) as T;
  const problem: ProblemBody = type.includes('json') ? await response.json().catch(() => ({})) : {};
  throw new ApiError(
    response.status,
    problem.title ?? 'The box office is in trouble',
    problem.detail ?? 'Please try again in a moment.',
    problem.requestId ?? response.headers.get('x-request-id') ?? undefined,
  );
}

/**
 * The order or return of this visitor's that came last. Shows are cached for some seconds by this: whoever changed
 * something sees it at once, others a moment later.
 */
let lastChange = '';

export async function fetchShows(signal?: AbortSignal): Promise<Show[]> {
  const after = lastChange ? `?${new URLSearchParams({ after: lastChange })}` : '';
  return (await call<{ shows: Show[] }>(`/shows${after}`, { signal })).shows;
}

export function fetchInfo(signal?: AbortSignal): Promise<Info> {
  return call<Info>('/info', { signal });
}

export async function fetchTickets(email: string, signal?: AbortSignal): Promise<Ticket[]> {
  const tickets: Ticket[] = [];
  let next: string | undefined;
  do {
    const query = new URLSearchParams({ email, ...(next ? { next } : {}) });
    const page = await call<{ tickets: Ticket[]; next?: string }>(`/tickets?${query}`, { signal });
    tickets.push(...page.tickets);
    next = page.next;
  } while (next);
  return tickets;
}

export async function buyTicket(order: Order, key: string): Promise<Ticket> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(order),
  };
  try {
    return (await call<{ ticket: Ticket }>('/tickets', init)).ticket;
  } finally {
    // Also where it was refused: the seats may have gone to somebody else.
    lastChange = key;
  }
}

export async function returnTicket(id: string): Promise<void> {
  await call<void>(`/tickets/${encodeURIComponent(id)}`, { method: 'DELETE' });
  lastChange = `return-of-${id}`;
}
