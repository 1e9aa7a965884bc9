import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Show } from '../../app/shared/domain';
import { deployment, output } from './deployment';

let client: DynamoDBDocumentClient | undefined;

export function documents(): DynamoDBDocumentClient {
  client ??= DynamoDBDocumentClient.from(new DynamoDBClient(deployment().clientConfig));
  return client;
}

export function closeDocuments(): void {
  client?.destroy();
  client = undefined;
}

/** Puts on a show that only this test knows of. */
export async function putShow(overrides: Partial<Show> = {}): Promise<Show> {
  const seats = overrides.seats ?? 10;
  const show: Show = {
    id: `test-${randomUUID()}`,
    title: 'A Test of Patience',
    startsAt: '2099-01-01T19:00:00.000Z',
    venueId: 'lantern',
    venueName: 'The Lantern',
    synopsis: 'Everybody waits.',
    priceCents: 1500,
    currency: 'EUR',
    seats,
    seatsLeft: seats,
    ...overrides,
  };
  await documents().send(new PutCommand({ TableName: output('ShowsTable'), Item: show }));
  return show;
}

export async function seatsLeft(id: string): Promise<number> {
  const found = await documents().send(
    new GetCommand({ TableName: output('ShowsTable'), Key: { id }, ConsistentRead: true }),
  );
  return found.Item?.seatsLeft;
}
