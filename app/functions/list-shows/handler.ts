import { type Cache, cache } from '../../shared/clients/cache';
import { httpHandler, type Route } from '../../shared/http/handler';
import { SHOW_TTL_SECONDS, SHOWS_KEY, type ShowStore, showStore } from '../../shared/shows';

/** GET /shows: the season by date. */
export function listShows(shows: () => Pick<ShowStore, 'list'>, kept: () => Cache): Route {
  return async () => {
    const found = await kept().through(SHOWS_KEY, SHOW_TTL_SECONDS, () => shows().list());
    return { status: 200, body: { shows: found.value }, headers: { 'x-cache': found.cache } };
  };
}

export const handler = httpHandler(listShows(showStore, cache));
