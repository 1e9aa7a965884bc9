import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { fakeDocuments, show } from '../testing/fakes';
import { Problem } from './http/problem';
import { TicketStore, ticketIdOf } from './tickets';

const tables = { shows: 'Shows', tickets: 'Tickets' };
const order = { showId: 'hamlet', seats: 2, buyer: { name: 'Ada', email: 'ada@example.com' } };
const now = new Date('2029-12-01T10:00:00Z');
const none = async () => undefined;

function cancelled(...reasons: { Code: string; Item?: Record<string, never> }[]) {
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    CancellationReasons: reasons,
    $metadata: {},
  });
}

const refused = { Code: 'ConditionalCheckFailed' };
const fine = { Code: 'None' };
const conflict = { Code: 'TransactionConflict' };

const problem = (status: number, type: string) =>
  expect.objectContaining({ status, type: `urn:theatre:problem:${type}` });

test('takes the seats and writes the ticket in one transaction', async () => {
  const { db, sent } = fakeDocuments({});
  const { ticket, repeated } = await new TicketStore(db, tables).buy(show, order, 'key-1', now);
  expect(repeated).toBe(false);
  expect(ticket).toEqual({
    id: ticketIdOf('key-1'),
    showId: 'hamlet',
    showTitle: 'Hamlet',
    startsAt: show.startsAt,
    venueName: 'The Lantern',
    seats: 2,
    priceCents: 4000,
    currency: 'EUR',
    buyerName: 'Ada',
    buyerEmail: 'ada@example.com',
    boughtAt: '2029-12-01T10:00:00.000Z',
    status: 'bought',
  });
  expect(sent).toHaveLength(1);
  expect(sent[0]).toMatchObject({
    name: 'TransactWriteCommand',
    input: {
      TransactItems: [
        { Update: { TableName: 'Shows', ConditionExpression: 'seatsLeft >= :n' } },
        { Put: { TableName: 'Tickets', ConditionExpression: 'attribute_not_exists(id)' } },
      ],
    },
  });
});

test('gives the first ticket to a repeat, even when its seats were the last', async () => {
  const first = fakeDocuments({});
  const { ticket } = await new TicketStore(first.db, tables).buy(show, order, 'key-1', now);
  const written = first.sent[0]?.input.TransactItems as [unknown, { Put: { Item: object } }];
  const { Item } = written[1].Put;
  const again = fakeDocuments(cancelled({ ...refused, Item: {} }, refused), { Item });
  expect(await new TicketStore(again.db, tables).buy(show, order, 'key-1')).toEqual({
    ticket,
    repeated: true,
  });
  const other = fakeDocuments(cancelled(fine, refused), { Item });
  await expect(new TicketStore(other.db, tables).buy(show, { ...order, seats: 3 }, 'key-1')).rejects.toEqual(
    problem(422, 'idempotency-key-reused'),
  );
});

test('tells a show that is sold out from one that is gone', async () => {
  const buying = (item?: Record<string, never>) => {
    const { db } = fakeDocuments(cancelled({ ...refused, Item: item }, fine));
    return new TicketStore(db, tables).buy(show, order, 'key-1');
  };
  await expect(buying({})).rejects.toEqual(problem(409, 'sold-out'));
  await expect(buying()).rejects.toEqual(problem(404, 'not-found'));
});

test('tries again after a conflict, but not for ever', async () => {
  const twice = fakeDocuments(cancelled(conflict, fine), cancelled(conflict, fine), {});
  const pauses: number[] = [];
  const store = new TicketStore(twice.db, tables, async (ms) => void pauses.push(ms));
  expect((await store.buy(show, order, 'key-1')).repeated).toBe(false);
  expect(pauses).toHaveLength(2);

  const always = fakeDocuments(...Array.from({ length: 8 }, () => cancelled(conflict, fine)));
  await expect(new TicketStore(always.db, tables, none).buy(show, order, 'key-1')).rejects.toEqual(
    problem(503, 'busy'),
  );
});

test('does not call a fault of ours a refusal', async () => {
  const { db } = fakeDocuments(cancelled({ Code: 'ValidationError' }, fine));
  await expect(new TicketStore(db, tables, none).buy(show, order, 'key-1')).rejects.not.toBeInstanceOf(
    Problem,
  );
});

describe('giving back', () => {
  const held = { id: 't1', showId: 'hamlet', seats: 2, status: 'bought', heldBy: 'a@b.io', fingerprint: 'f' };

  test('returns the seats and takes the ticket off the list, in one transaction', async () => {
    const { db, sent } = fakeDocuments({ Item: held }, {});
    await new TicketStore(db, tables).giveBack('t1', now);
    expect(sent[1]?.input.TransactItems).toEqual([
      { Update: expect.objectContaining({ UpdateExpression: expect.stringContaining('REMOVE heldBy') }) },
      { Update: expect.objectContaining({ ExpressionAttributeValues: { ':n': 2 } }) },
    ]);
  });

  test('does so once', async () => {
    const before = fakeDocuments({ Item: { ...held, status: 'returned' } });
    await new TicketStore(before.db, tables).giveBack('t1');
    expect(before.sent).toHaveLength(1);
    const meanwhile = fakeDocuments({ Item: held }, cancelled(refused, fine));
    await expect(new TicketStore(meanwhile.db, tables).giveBack('t1')).resolves.toMatchObject({ id: 't1' });
  });

  test('knows what is not there', async () => {
    const { db } = fakeDocuments({});
    await expect(new TicketStore(db, tables).giveBack('t1')).rejects.toEqual(problem(404, 'not-found'));
    const gone = fakeDocuments({ Item: held }, cancelled(fine, refused));
    await expect(new TicketStore(gone.db, tables).giveBack('t1')).rejects.toEqual(problem(409, 'show-gone'));
  });
});
