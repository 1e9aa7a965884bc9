import type { Show } from '../shared/domain';

interface Production {
  id: string;
  title: string;
  venue: 'lantern' | 'old-mill' | 'orangery';
  synopsis: string;
  priceCents: number;
  /** Days after the season's first evening. */
  day: number;
  hour: number;
}

// Names and capacities as the migration puts them into Postgres.
const VENUES = {
  lantern: { name: 'The Lantern', seats: 120 },
  'old-mill': { name: 'The Old Mill', seats: 60 },
  orangery: { name: 'The Orangery', seats: 200 },
} as const;

const PRODUCTIONS: readonly Production[] = [
  {
    id: 'twelfth-night',
    title: 'Twelfth Night',
    venue: 'lantern',
    synopsis: 'A shipwreck, a disguise, and three people in love with the wrong one.',
    priceCents: 2400,
    day: 0,
    hour: 19,
  },
  {
    id: 'the-cherry-orchard',
    title: 'The Cherry Orchard',
    venue: 'old-mill',
    synopsis: 'A family comes home to say goodbye to it, and talks about anything else.',
    priceCents: 2100,
    day: 1,
    hour: 19,
  },
  {
    id: 'antigone',
    title: 'Antigone',
    venue: 'orangery',
    synopsis: 'A burial is forbidden. One sister obeys, one does not.',
    priceCents: 1900,
    day: 2,
    hour: 16,
  },
  {
    id: 'the-tempest',
    title: 'The Tempest',
    venue: 'lantern',
    synopsis: 'An old man raises a storm to bring his enemies within reach, then has to decide.',
    priceCents: 2600,
    day: 4,
    hour: 19,
  },
  {
    id: 'an-enemy-of-the-people',
    title: 'An Enemy of the People',
    venue: 'old-mill',
    synopsis: 'The doctor has tested the water. The town would rather he had not.',
    priceCents: 2000,
    day: 6,
    hour: 20,
  },
  {
    id: 'the-importance-of-being-earnest',
    title: 'The Importance of Being Earnest',
    venue: 'lantern',
    synopsis: 'Two gentlemen, one invented name, a great many cucumber sandwiches.',
    priceCents: 2200,
    day: 8,
    hour: 19,
  },
  {
    id: 'woyzeck',
    title: 'Woyzeck',
    venue: 'old-mill',
    synopsis: 'A soldier lives on peas for science. Something gives way.',
    priceCents: 1800,
    day: 9,
    hour: 20,
  },
  {
    id: 'a-dolls-house',
    title: 'A Doll’s House',
    venue: 'lantern',
    synopsis: 'Nora has a secret, a debt, and finally a door.',
    priceCents: 2300,
    day: 11,
    hour: 19,
  },
  {
    id: 'peer-gynt',
    title: 'Peer Gynt',
    venue: 'orangery',
    synopsis: 'A liar walks round the world looking for the one who told the lies.',
    priceCents: 2500,
    day: 13,
    hour: 17,
  },
  {
    id: 'the-government-inspector',
    title: 'The Government Inspector',
    venue: 'lantern',
    synopsis: 'A town expects an official. The wrong young man is at the inn.',
    priceCents: 2200,
    day: 15,
    hour: 19,
  },
  {
    id: 'medea',
    title: 'Medea',
    venue: 'orangery',
    synopsis: 'She gave up everything for him, and has been told to leave by tomorrow.',
    priceCents: 2100,
    day: 16,
    hour: 20,
  },
  {
    id: 'a-midsummer-nights-dream',
    title: 'A Midsummer Night’s Dream',
    venue: 'orangery',
    synopsis: 'Four lovers, six workmen and a wood that is not on anybody’s side.',
    priceCents: 1700,
    day: 20,
    hour: 18,
  },
];

const DAY_MS = 86_400_000;

/** The first Friday at least a week after `today`, at midnight UTC. */
function firstEvening(today: Date): number {
  const earliest = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()) + 7 * DAY_MS;
  const toFriday = (5 - new Date(earliest).getUTCDay() + 7) % 7;
  return earliest + toFriday * DAY_MS;
}

/** A season that begins soon after `today`, so that the demo never sells tickets for the past. */
export function season(today: Date): Show[] {
  const first = firstEvening(today);
  return PRODUCTIONS.map(({ id, title, venue, synopsis, priceCents, day, hour }) => ({
    id,
    title,
    startsAt: new Date(first + day * DAY_MS + hour * 3_600_000).toISOString(),
    venueId: venue,
    venueName: VENUES[venue].name,
    synopsis,
    priceCents,
    currency: 'EUR',
    seats: VENUES[venue].seats,
    seatsLeft: VENUES[venue].seats,
  }));
}
