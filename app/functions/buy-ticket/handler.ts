import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { purchase } from '../../shared/domain';
import { httpHandler, type Route } from '../../shared/http/handler';
import { Problem } from '../../shared/http/problem';
import { bodyOf, headerOf } from '../../shared/http/request';
import { logger, metrics } from '../../shared/observability';
import { forgetShow, type ShowStore, showStore } from '../../shared/shows';
import { type TicketStore, ticketStore } from '../../shared/tickets';

function idempotencyKeyOf(event: APIGatewayProxyEvent): string {
  const key = headerOf(event, 'Idempotency-Key');
  if (key && /^[\x21-\x7e]{8,128}$/.test(key)) return key;
  const message = key ? 'must be 8 to 128 visible ASCII characters' : 'is required';
  throw Problem.invalid([{ at: 'Idempotency-Key', message }]);
}

/** POST /tickets: 201 with the ticket, 200 with the same ticket for a repeat, 409 where seats have run out. */
export function buyTicket(
  shows: () => Pick<ShowStore, 'get'>,
  tickets: () => Pick<TicketStore, 'buy'>,
  forget: (showId: string) => Promise<void>,
): Route {
  return async (event) => {
    const key = idempotencyKeyOf(event);
    const asked = bodyOf(event, purchase);
    const show = await shows().get(asked.showId);
    if (!show) throw Problem.notFound(`show "${asked.showId}"`);
    const { ticket, repeated } = await tickets().buy(show, asked, key);
    if (!repeated) {
      await forget(show.id);
      metrics.addMetric('SeatsSold', MetricUnit.Count, ticket.seats);
      logger.info('ticket bought', { ticketId: ticket.id, showId: show.id, seats: ticket.seats });
    }
    return { status: repeated ? 200 : 201, body: { ticket } };
  };
}

export const handler = httpHandler(buyTicket(showStore, ticketStore, forgetShow));
