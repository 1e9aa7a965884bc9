import { createHash } from 'node:crypto';

/** A change of the database that is made once, ever. Never edit one that was deployed: add another. */
export interface Migration {
  id: string;
  sql: string;
}

export const migrations: readonly Migration[] = [
  {
    id: '001-venues-and-notes',
    sql: `
      CREATE TABLE venues (
        id text PRIMARY KEY,
        name text NOT NULL,
        address text NOT NULL,
        capacity integer NOT NULL CHECK (capacity > 0),
        step_free boolean NOT NULL,
        directions text NOT NULL
      );
      CREATE TABLE programme_notes (
        show_id text PRIMARY KEY,
        author text NOT NULL,
        body text NOT NULL
      );`,
  },
  {
    id: '002-first-season',
    sql: `
      INSERT INTO venues (id, name, address, capacity, step_free, directions) VALUES
        ('lantern', 'The Lantern', '4 Quay Street', 120, true,
         'Tram 2 to Quayside, then along the water. The bar opens an hour before the play.'),
        ('old-mill', 'The Old Mill', '31 Weaver''s Lane', 60, false,
         'Bus 14 to Mill Bridge. The stalls are up a flight of stairs; tell us if you need another way in.'),
        ('orangery', 'The Orangery', 'Botanical Garden, east gate', 200, true,
         'Ten minutes on foot from Central Station. Matinees are played in daylight.');
      INSERT INTO programme_notes (show_id, author, body) VALUES
        ('twelfth-night', 'Imogen Hale, director',
         'We set it in a harbour town in winter: everybody has washed up from somewhere.'),
        ('the-cherry-orchard', 'Tomas Reyl, dramaturg',
         'Chekhov called it a comedy, and for once we believed him.'),
        ('antigone', 'Imogen Hale, director',
         'Two people are right, and the city pays for both.'),
        ('the-tempest', 'Ada Okoro, designer',
         'The island is made of what the company threw away in twenty years of shows.'),
        ('an-enemy-of-the-people', 'Tomas Reyl, dramaturg',
         'The town meeting is played with the lights up. You are the town.'),
        ('the-importance-of-being-earnest', 'Ada Okoro, designer',
         'Yes, the handbag is the real one from the 1911 production.');`,
  },
];

/** Changes when any migration does: the deployment runs them again exactly then. */
export function migrationsVersion(all: readonly Migration[] = migrations): string {
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}
