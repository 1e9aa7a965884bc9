import * as z from 'zod';

/** A performance that is on sale. */
export interface Show {
  id: string;
  title: string;
  /** ISO 8601, with the venue's offset. */
  startsAt: string;
  venueId: string;
  venueName: string;
  synopsis: string;
  /** In cents, so that no sum is ever rounded. */
  priceCents: number;
  currency: string;
  seats: number;
  seatsLeft: number;
}

type TicketStatus = 'bought' | 'returned';

export interface Ticket {
  id: string;
  showId: string;
  showTitle: string;
  startsAt: string;
  venueName: string;
  seats: number;
  priceCents: number;
  currency: string;
  buyerName: string;
  buyerEmail: string;
  boughtAt: string;
  status: TicketStatus;
}

export interface Venue {
  id: string;
  name: string;
  address: string;
  capacity: number;
  stepFree: boolean;
  directions: string;
}

export interface ProgrammeNote {
  showId: string;
  author: string;
  body: string;
}

/** More would let one visitor empty the house. */
const MAX_SEATS_PER_TICKET = 8;

export const email = z.string().trim().toLowerCase().max(254).pipe(z.email('must be an e-mail address'));

export const showId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[a-z0-9-]+$/, 'must be lower-case letters, digits and hyphens');

export const purchase = z.strictObject({
  showId,
  seats: z.number().int().min(1).max(MAX_SEATS_PER_TICKET),
  buyer: z.strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(100),
    email,
  }),
});

export type Purchase = z.infer<typeof purchase>;
