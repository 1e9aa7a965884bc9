import { createHash } from 'node:crypto';
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { type Documents, documents } from './clients/dynamodb';
import { setting } from './config';
import type { Purchase, Show, Ticket } from './domain';
import { Problem } from './http/problem';
import { type Pause, transact } from './transactions';

export const BY_HOLDER = 'byHolder';

/** As it lies in the table. */
interface StoredTicket extends Ticket {
  /** The buyer's address while the ticket is held; goes when it is returned, and with it the index entry. */
  heldBy?: string;
  /** What was asked for, to tell a repeat from another request under the same key. */
  fingerprint: string;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The same key names the same ticket: that is what makes a repeated purchase harmless. */
export function ticketIdOf(idempotencyKey: string): string {
  return sha256(`ticket:${idempotencyKey}`).slice(0, 32);
}

function fingerprintOf({ showId, seats, buyer }: Purchase): string {
  return sha256(JSON.stringify([showId, seats, buyer.name, buyer.email]));
}

function published({ heldBy: _, fingerprint: __, ...ticket }: StoredTicket): Ticket {
  return ticket;
}

export class TicketStore {
  constructor(
    private readonly db: Documents,
    private readonly tables: { shows: string; tickets: string },
    private readonly wait?: Pause,
  ) {}

  /** Takes the seats and writes the ticket, in one transaction; a repeat gives the ticket of the first time. */
  async buy(
    show: Show,
    purchase: Purchase,
    idempotencyKey: string,
    now = new Date(),
  ): Promise<{ ticket: Ticket; repeated: boolean }> {
    const ticket: StoredTicket = {
      id: ticketIdOf(idempotencyKey),
      showId: show.id,
      showTitle: show.title,
      startsAt: show.startsAt,
      venueName: show.venueName,
      seats: purchase.seats,
      priceCents: show.priceCents * purchase.seats,
      currency: show.currency,
      buyerName: purchase.buyer.name,
      buyerEmail: purchase.buyer.email,
      boughtAt: now.toISOString(),
      status: 'bought',
      heldBy: purchase.buyer.email,
      fingerprint: fingerprintOf(purchase),
    };
    const refusals = await transact(
      this.db,
      [
        {
          Update: {
            TableName: this.tables.shows,
            Key: { id: show.id },
            UpdateExpression: 'SET seatsLeft = seatsLeft - :n',
            ConditionExpression: 'seatsLeft >= :n',
            ExpressionAttributeValues: { ':n': purchase.seats },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
        {
          Put: {
            TableName: this.tables.tickets,
            Item: ticket,
            ConditionExpression: 'attribute_not_exists(id)',
          },
        },
      ],
      this.wait,
    );
    if (!refusals) return { ticket: published(ticket), repeated: false };

    // A ticket under this key comes first: the repeat of the purchase that took the last seat is no refusal.
    const [seats, key] = refusals;
    if (key?.code === 'ConditionalCheckFailed') {
      return { ticket: await this.#repeated(ticket), repeated: true };
    }
    if (seats && !seats.itemExists) throw Problem.notFound(`show "${show.id}"`);
    throw new Problem(
      409,
      'sold-out',
      'Not enough seats left',
      `${show.title} has fewer than ${purchase.seats} seats left.`,
    );
  }

  async get(id: string): Promise<StoredTicket | undefined> {
    const found = await this.db.send(
      new GetCommand({ TableName: this.tables.tickets, Key: { id }, ConsistentRead: true }),
    );
    return found.Item as StoredTicket | undefined;
  }

  /** Gives the seats back, once however often it is called. The ticket as it was, for who must know the show. */
  async giveBack(id: string, now = new Date()): Promise<Ticket> {
    const ticket = await this.get(id);
    if (!ticket) throw Problem.notFound(`ticket "${id}"`);
    if (ticket.status === 'returned') return published(ticket);
    const refusals = await transact(
      this.db,
      [
        {
          Update: {
            TableName: this.tables.tickets,
            Key: { id },
            UpdateExpression: 'SET #status = :returned, returnedAt = :now REMOVE heldBy',
            ConditionExpression: '#status = :bought',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: {
              ':returned': 'returned',
              ':bought': 'bought',
              ':now': now.toISOString(),
            },
          },
        },
        {
          Update: {
            TableName: this.tables.shows,
            Key: { id: ticket.showId },
            UpdateExpression: 'SET seatsLeft = seatsLeft + :n',
            ConditionExpression: 'attribute_exists(id)',
            ExpressionAttributeValues: { ':n': ticket.seats },
          },
        },
      ],
      this.wait,
    );
    if (refusals && refusals[0]?.code !== 'ConditionalCheckFailed') {
      throw new Problem(409, 'show-gone', 'The show is no longer on', 'Its tickets cannot be returned here.');
    }
    return published(ticket);
  }

  /** The tickets somebody holds, newest first. */
  async heldBy(buyerEmail: string, limit: number, after?: Record<string, unknown>) {
    const page = await this.db.send(
      new QueryCommand({
        TableName: this.tables.tickets,
        IndexName: BY_HOLDER,
        KeyConditionExpression: 'heldBy = :email',
        ExpressionAttributeValues: { ':email': buyerEmail },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: after,
      }),
    );
    return {
      tickets: ((page.Items ?? []) as StoredTicket[]).map(published),
      next: page.LastEvaluatedKey,
    };
  }

  async #repeated(asked: StoredTicket): Promise<Ticket> {
    const first = await this.get(asked.id);
    if (!first) throw new Error(`Ticket ${asked.id} was refused as existing, but is not there`);
    if (first.fingerprint === asked.fingerprint) return published(first);
    throw new Problem(
      422,
      'idempotency-key-reused',
      'This Idempotency-Key was used for another purchase',
      'Repeat a request unchanged, or use a new key.',
    );
  }
}

export const ticketStore = () =>
  new TicketStore(documents(), { shows: setting('SHOWS_TABLE'), tickets: setting('TICKETS_TABLE') });
