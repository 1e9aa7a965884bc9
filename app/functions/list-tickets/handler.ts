import * as z from 'zod';
import { decodeCursor, encodeCursor } from '../../shared/cursor';
import { email } from '../../shared/domain';
import { httpHandler, type Route } from '../../shared/http/handler';
import { parametersOf } from '../../shared/http/request';
import { type TicketStore, ticketStore } from '../../shared/tickets';

const parameters = z.object({
  email,
  limit: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 100')
    .transform(Number)
    .refine((limit) => limit <= 100, 'must be a number from 1 to 100')
    .default(25),
  next: z.string().max(1024).optional(),
});

/** GET /tickets?email=…: what a buyer holds, newest first, a page at a time. */
export function listTickets(tickets: () => Pick<TicketStore, 'heldBy'>): Route {
  return async (event) => {
    const { email: buyer, limit, next } = parametersOf(event, parameters);
    const page = await tickets().heldBy(buyer, limit, next ? decodeCursor(next, buyer) : undefined);
    return {
      status: 200,
      body: { tickets: page.tickets, ...(page.next ? { next: encodeCursor(page.next) } : {}) },
    };
  };
}

export const handler = httpHandler(listTickets(ticketStore));
