import { GetCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { cache } from './clients/cache';
import { type Documents, documents } from './clients/dynamodb';
import { setting } from './config';
import type { Show } from './domain';

/** Sales drop what they change from the cache, so this only bounds how long a lost drop is seen. */
export const SHOW_TTL_SECONDS = 30;
export const showKey = (id: string) => `show:${id}`;
export const SHOWS_KEY = 'shows';

export class ShowStore {
  constructor(
    private readonly db: Documents,
    private readonly table: string,
  ) {}

  /** All shows by date. A scan: the table is one season, a page or two, and stands behind the cache. */
  async list(): Promise<Show[]> {
    const shows: Show[] = [];
    let from: Record<string, unknown> | undefined;
    do {
      const page = await this.db.send(new ScanCommand({ TableName: this.table, ExclusiveStartKey: from }));
      shows.push(...((page.Items ?? []) as Show[]));
      from = page.LastEvaluatedKey;
    } while (from);
    return shows.sort((a, b) => a.startsAt.localeCompare(b.startsAt) || a.id.localeCompare(b.id));
  }

  async get(id: string): Promise<Show | undefined> {
    const found = await this.db.send(new GetCommand({ TableName: this.table, Key: { id } }));
    return found.Item as Show | undefined;
  }
}

export const showStore = () => new ShowStore(documents(), setting('SHOWS_TABLE'));

/** After a sale or a return: what the cache knows of this show is no longer true. */
export async function forgetShow(id: string): Promise<void> {
  await cache().drop(showKey(id), SHOWS_KEY);
}
