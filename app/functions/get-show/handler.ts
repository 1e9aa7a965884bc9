import * as z from 'zod';
import { type Cache, cache } from '../../shared/clients/cache';
import { showId } from '../../shared/domain';
import { httpHandler, type Route } from '../../shared/http/handler';
import { Problem } from '../../shared/http/problem';
import { parametersOf } from '../../shared/http/request';
import { SHOW_TTL_SECONDS, type ShowStore, showKey, showStore } from '../../shared/shows';

const parameters = z.object({ id: showId });

/** GET /shows/{id}. A show that is not there is not cached: it may be put on any moment. */
export function getShow(shows: () => Pick<ShowStore, 'get'>, kept: () => Cache): Route {
  return async (event) => {
    const { id } = parametersOf(event, parameters);
    const found = await kept().through(showKey(id), SHOW_TTL_SECONDS, () => shows().get(id));
    if (!found.value) throw Problem.notFound(`show "${id}"`);
    return { status: 200, body: { show: found.value }, headers: { 'x-cache': found.cache } };
  };
}

export const handler = httpHandler(getShow(showStore, cache));
