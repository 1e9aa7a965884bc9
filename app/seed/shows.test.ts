import { migrations } from '../functions/migrate/migrations';
import { season } from './shows';

test('a season is a dozen shows in the weeks to come, all seats free', () => {
  const today = new Date('2026-03-04T12:00:00Z');
  const shows = season(today);
  expect(shows).toHaveLength(12);
  expect(new Set(shows.map(({ id }) => id)).size).toBe(12);
  expect(shows[0]?.startsAt).toBe('2026-03-13T19:00:00.000Z');
  for (const show of shows) {
    expect(Date.parse(show.startsAt)).toBeGreaterThan(Number(today));
    expect(show.seatsLeft).toBe(show.seats);
  }
});

test('its venues and the notes’ shows are those of the migration', () => {
  const sql = migrations.map((migration) => migration.sql).join('\n');
  for (const { venueId, venueName, seats } of season(new Date())) {
    expect(sql).toMatch(new RegExp(`\\('${venueId}', '${venueName}', '[^\\n]*', ${seats},`));
  }
});
