import { database, type Sql } from '../../shared/clients/postgres';
import type { ProgrammeNote, Venue } from '../../shared/domain';
import { httpHandler, type Route } from '../../shared/http/handler';

const VENUES = `
  SELECT id, name, address, capacity, step_free AS "stepFree", directions
  FROM venues ORDER BY name`;

const NOTES = `
  SELECT show_id AS "showId", author, body
  FROM programme_notes ORDER BY show_id`;

/** GET /info: where we play, and what the programme says. */
export function getInfo(sql: () => Sql): Route {
  return async () => {
    const venues = await sql().query<Venue>(VENUES);
    const notes = await sql().query<ProgrammeNote>(NOTES);
    return {
      status: 200,
      body: { venues: venues.rows, notes: notes.rows },
      headers: { 'cache-control': 'max-age=60' },
    };
  };
}

export const handler = httpHandler(getInfo(database));
