import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListFunctionsCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import type { Show } from '../../app/shared/domain';
import { buyer, call, eventually, fresh, post } from '../support/api';
import { deployment } from '../support/deployment';
import { closeDocuments, putShow } from '../support/shows';

afterAll(closeDocuments);

describe('shows', () => {
  test('lists the season by date', async () => {
    const { status, headers, body } = await call<{ shows: Show[] }>('/api/shows');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(headers.get('x-cache')).toMatch(/^(hit|miss)$/);
    expect(body.shows.map(({ id }) => id)).toEqual(expect.arrayContaining(['twelfth-night', 'medea']));
    const dates = body.shows.map(({ startsAt }) => startsAt);
    expect(dates).toEqual([...dates].sort());
  });

  test('answers from DynamoDB first, from the cache then', async () => {
    // A slow machine may take longer to reach the cache than a visitor is let wait: then there is none for a while.
    await eventually(async () => {
      const show = await putShow();
      const first = await call(`/api/shows/${show.id}?${fresh()}`);
      const second = await call(`/api/shows/${show.id}?${fresh()}`);
      expect(first.body).toEqual({ show });
      expect(second.body).toEqual({ show });
      expect([first, second].map(({ headers }) => headers.get('x-cache'))).toEqual(['miss', 'hit']);
    }, 30_000);
  });

  test('forgets a show that was sold', async () => {
    const show = await putShow({ seats: 4 });
    await call(`/api/shows/${show.id}?${fresh()}`);
    expect((await post({ showId: show.id, seats: 3, buyer: buyer() })).status).toBe(201);
    const after = await call<{ show: Show }>(`/api/shows/${show.id}?${fresh()}`);
    expect(after.headers.get('x-cache')).toBe('miss');
    expect(after.body.show.seatsLeft).toBe(1);
  });

  test('says what is not there, as a problem with a request id', async () => {
    const { status, headers, body } = await call('/api/shows/no-such-show');
    expect(status).toBe(404);
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'urn:theatre:problem:not-found',
      title: 'Not found',
      status: 404,
      detail: 'There is no show "no-such-show".',
      requestId: headers.get('x-request-id'),
    });
  });

  test('refuses a name that cannot be one', async () => {
    const { status, body } = await call('/api/shows/NOT%20A%20SHOW');
    expect(status).toBe(400);
    expect(body.errors).toEqual([{ at: 'id', message: 'must be lower-case letters, digits and hyphens' }]);
  });
});

describe('shows without a cache', () => {
  const client = new LambdaClient(deployment().clientConfig);
  afterAll(() => client.destroy());

  async function functionNamed(part: string): Promise<string> {
    const { Functions = [] } = await client.send(new ListFunctionsCommand({}));
    const found = Functions.find(({ FunctionName }) => FunctionName?.includes(part))?.FunctionName;
    if (!found) throw new Error(`No function has ${part} in its name`);
    return found;
  }

  async function configure(FunctionName: string, Variables: Record<string, string>): Promise<void> {
    await client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
    await waitUntilFunctionUpdatedV2({ client, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  }

  test('answers from DynamoDB', async () => {
    const show = await putShow();
    const name = await functionNamed('ApiGetShow');
    const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    const variables = Environment?.Variables ?? {};
    // To its caller, a cache that is not to be found is a cache that is down; this works on every target.
    await configure(name, { ...variables, CACHE_ADDRESS_PARAMETER: 'no-such-parameter' });
    try {
      for (const _ of [1, 2]) {
        const answer = await call(`/api/shows/${show.id}?${fresh()}`);
        expect([answer.status, answer.headers.get('x-cache')]).toEqual([200, 'miss']);
        expect(answer.body).toEqual({ show });
      }
    } finally {
      await configure(name, variables);
    }
  });
});
