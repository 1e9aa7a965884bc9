import { apiEvent, context } from '../../testing/events';
import { httpHandler } from './handler';
import { Problem } from './problem';

const saved = process.env.SITE_ORIGIN;

afterEach(() => {
  if (saved === undefined) delete process.env.SITE_ORIGIN;
  else process.env.SITE_ORIGIN = saved;
});

const served = httpHandler(async () => ({ status: 200, body: {} }));
const refused = httpHandler(async () => {
  throw Problem.notFound('thing');
});

test.each([
  ['what is served', served],
  ['what is refused', refused],
])('%s may be read by pages of the site alone', async (_, handler) => {
  process.env.SITE_ORIGIN = 'https://site.example';
  const { headers } = await handler(apiEvent({ headers: { origin: 'https://elsewhere.example' } }), context);
  expect(headers).toMatchObject({
    'access-control-allow-origin': 'https://site.example',
    'access-control-expose-headers': expect.stringContaining('x-request-id'),
  });
});

test('where nobody said whose pages may read, none may', async () => {
  delete process.env.SITE_ORIGIN;
  const { headers } = await served(apiEvent(), context);
  expect(Object.keys(headers ?? {}).filter((name) => name.startsWith('access-control'))).toEqual([]);
});
