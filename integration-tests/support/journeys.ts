import { randomUUID } from 'node:crypto';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { type Answer, buyer, call, eventually, fresh, post } from './api';
import type { DeployedRoles } from './deployed-roles';
import { putShow } from './shows';

/** What of an answer tells whether all went well: its status, and whether the cache had it. */
type Seen = string;

const seen = ({ status, headers }: Answer<unknown>): Seen =>
  `${status} ${headers.get('x-cache') ?? ''}`.trim();

/** All that a function is asked for on a visitor's way, each of its ways through the code. */
export interface Journey {
  /** Where all went well. */
  well: Seen[];
  run(roles: DeployedRoles, functionId: string): Promise<Answer<unknown>[]>;
}

const show = (id: string) => call(`/api/shows/${id}?${fresh()}`);
const season = () => call(`/api/shows?${fresh()}`);
const give = (id: string) => call(`/api/tickets/${id}`, { method: 'DELETE' });

async function ticketFor(seats: number) {
  const { id: showId } = await putShow();
  const guest = buyer();
  const { body } = await post({ showId, seats, buyer: guest });
  return { showId, email: guest.email, id: body.ticket.id };
}

/** By the function's name in `infra/`. */
export const JOURNEYS: Record<string, Journey> = {
  ApiListShows: {
    well: ['200 miss', '200 hit'],
    async run() {
      // A sale makes the cache forget the season.
      await ticketFor(1);
      return [await season(), await season()];
    },
  },
  ApiGetShow: {
    well: ['200 miss', '200 hit'],
    async run() {
      const { id } = await putShow();
      return [await show(id), await show(id)];
    },
  },
  ApiBuyTicket: {
    // Sold, the same order again, and the show that the sale made the cache forget.
    well: ['201', '200', '200 miss'],
    async run() {
      const { id } = await putShow();
      await show(id);
      const key = randomUUID();
      const order = { showId: id, seats: 1, buyer: buyer() };
      return [await post<unknown>(order, key), await post<unknown>(order, key), await show(id)];
    },
  },
  ApiListTickets: {
    well: ['200'],
    async run() {
      const { email } = await ticketFor(1);
      return [await call(`/api/tickets?email=${email}`)];
    },
  },
  ApiReturnTicket: {
    well: ['204', '200 miss'],
    async run() {
      const { id, showId } = await ticketFor(1);
      await show(showId);
      return [await give(id), await show(showId)];
    },
  },
  ApiGetInfo: {
    well: ['200'],
    run: async () => [await call('/api/info')],
  },
  MigrationHandler: {
    well: ['200'],
    /** As the provider framework of CDK calls it in a deployment. */
    async run(roles, functionId) {
      const Payload = JSON.stringify({ RequestType: 'Update', ResourceProperties: {} });
      const FunctionName = roles.nameOf(functionId);
      const { FunctionError, Payload: answer } = await roles.lambda.send(
        new InvokeCommand({ FunctionName, Payload }),
      );
      const body = JSON.parse(Buffer.from(answer ?? []).toString());
      return [{ status: FunctionError ? 500 : 200, headers: new Headers(), body }];
    },
  },
};

/** Until all goes well again: a cache that was not to be reached is left alone for some seconds. */
export async function allWell(journey: Journey, roles: DeployedRoles, functionId: string): Promise<void> {
  await eventually(async () => {
    const answers = await journey.run(roles, functionId);
    expect(answers.map(seen)).toEqual(journey.well);
  }, 20_000);
}

/** What does not go well any more, with the answers. */
export async function spoilt(journey: Journey, roles: DeployedRoles, functionId: string) {
  const answers = await journey.run(roles, functionId);
  return { answers, seen: answers.map(seen) };
}
