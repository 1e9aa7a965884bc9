import * as z from 'zod';
import { httpHandler, type Route } from '../../shared/http/handler';
import { parametersOf } from '../../shared/http/request';
import { logger } from '../../shared/observability';
import { forgetShow } from '../../shared/shows';
import { type TicketStore, ticketStore } from '../../shared/tickets';

const parameters = z.object({ id: z.string().regex(/^[0-9a-f]{32}$/, 'is not a ticket number') });

/** DELETE /tickets/{id}: gives the seats back; doing it twice gives them back once. */
export function returnTicket(
  tickets: () => Pick<TicketStore, 'giveBack'>,
  forget: (showId: string) => Promise<void>,
): Route {
  return async (event) => {
    const { id } = parametersOf(event, parameters);
    const ticket = await tickets().giveBack(id);
    await forget(ticket.showId);
    logger.info('ticket returned', { ticketId: id, showId: ticket.showId, seats: ticket.seats });
    return { status: 204 };
  };
}

export const handler = httpHandler(returnTicket(ticketStore, forgetShow));
