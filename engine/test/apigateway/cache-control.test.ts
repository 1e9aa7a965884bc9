import { as, type Sessions } from '../identity/callers';
import { answering, deployCached, set, update } from './cache-support';
import { signedHeaders } from './signed';
import { Bed, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html#invalidate-method-caching */
const FRESH = { 'Cache-Control': 'max-age=0' };
const WARNING = '199 Cache-control headers were ignored because the caller was unauthorized.';
let bed: Bed;
let api: TestApi;
let allowed: Sessions;
let elsewhere: Sessions;

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi();
  await answering(api, '/open', '$context.requestId');
  await deployCached(api);
  const Action = 'execute-api:InvalidateCache';
  const on = (path: string) => `arn:aws:execute-api:us-east-1:000000000000:${api.id}/prod/GET${path}`;
  allowed = await as(bed.cloud, { Action, Resource: on('/open') });
  elsewhere = await as(bed.cloud, { Action, Resource: on('/closed') });
});
afterAll(() => bed.stop());
beforeEach(() => update(api, set('/*/*/caching/requireAuthorizationForCacheControl', 'true')));

async function get(headers: Record<string, string> = {}, by?: Sessions) {
  const url = api.url('/open');
  const response = await fetch(url, { headers: by ? await signedHeaders(url, by, { headers }) : headers });
  return {
    status: response.status,
    warning: response.headers.get('warning'),
    type: response.headers.get('x-amzn-errortype'),
    text: await response.text(),
  };
}

test('who may gets a fresh response, which the others get from then on', async () => {
  const first = await get();
  const fresh = await get(FRESH, allowed);
  expect(fresh).toMatchObject({ status: 200, warning: null });
  expect(fresh.text).not.toBe(first.text);
  expect((await get()).text).toBe(fresh.text);
  // Without the wish the cache answers them like anybody.
  expect((await get({}, allowed)).text).toBe(fresh.text);
});

const strategy = (value: string) =>
  update(api, set('/*/*/caching/unauthorizedCacheControlHeaderStrategy', value));

const WRONG: [what: string, by: () => Sessions | undefined][] = [
  ['is not signed', () => undefined],
  ['is signed by somebody whose policies say it of other methods', () => elsewhere],
  ['is signed wrongly', () => ({ credentials: { ...allowed.credentials, secretAccessKey: 'no' } })],
];

describe.each(WRONG)('a wish that %s', (_what, by) => {
  test('is ignored, with a warning', async () => {
    await strategy('SUCCEED_WITH_RESPONSE_HEADER');
    const { text } = await get();
    expect(await get(FRESH, by())).toEqual({ status: 200, type: null, warning: WARNING, text });
    // The warning is the caller's own: it is not kept.
    expect(await get()).toEqual({ status: 200, type: null, warning: null, text });
  });

  test('is ignored without a word', async () => {
    await strategy('SUCCEED_WITHOUT_RESPONSE_HEADER');
    const { text } = await get();
    expect(await get(FRESH, by())).toEqual({ status: 200, type: null, warning: null, text });
  });

  test('is refused', async () => {
    await strategy('FAIL_WITH_403');
    const { text } = await get();
    expect(await get(FRESH, by())).toMatchObject({ status: 403, type: 'ForbiddenException' });
    expect((await get()).text).toBe(text);
  });
});

test('everybody may where no authorization is required', async () => {
  await update(api, set('/*/*/caching/requireAuthorizationForCacheControl', 'false'));
  const first = await get();
  const fresh = await get({ 'Cache-Control': 'no-transform, max-age=0' });
  expect(fresh.text).not.toBe(first.text);
  expect((await get({ 'Cache-Control': 'max-age=10' })).text).toBe(fresh.text);
  expect((await get({ 'Cache-Control': 'no-cache' })).text).toBe(fresh.text);
});

test('a warning comes with a response that was not cached yet, too', async () => {
  await strategy('SUCCEED_WITH_RESPONSE_HEADER');
  await update(api, set('/cacheClusterSize', '6.1'));
  const first = await get(FRESH);
  expect(first.warning).toBe(WARNING);
  expect(await get()).toMatchObject({ warning: null, text: first.text });
});
