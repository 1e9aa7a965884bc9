import { formatExplained } from '../../src/cli/explain';
import { deployCached } from '../apigateway/cache-support';
import { Bed, proxyTo, type TestApi } from '../apigateway/support';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

async function tell(api: TestApi, path: string): Promise<string> {
  const id = (await api.fetch(path)).headers.get('x-amzn-requestid');
  const answer = await fetch(`${bed.cloud.endpoint}/_tierkit/explain?id=${id}`);
  return formatExplained(await answer.json());
}

test('explain tells the way of a request through an API, and what its function logged', async () => {
  const code =
    'exports.handler = async (event) => { console.log("saw " + event.path); return event.path === "/fine" ? { statusCode: 204 } : "nonsense"; }';
  const api = await bed.newApi();
  await api.method('GET', '/{proxy+}', proxyTo(await bed.newFunction('talks', code)));
  await api.deploy();
  const fine = await tell(api, '/fine');
  expect(fine).toMatch(/^GET \/fine was answered 204 by integrate after \d+ ms$/m);
  expect(fine).toMatch(/^ {2}way {7}.*endpoint > .*route > .*throttle > .*integrate.* > remember$/m);
  expect(fine).toMatch(/^ {2}log {7}\/aws\/lambda\/talks: START RequestId: /m);
  expect(fine).toMatch(/^ {2}log {7}\/aws\/lambda\/talks: .*\tsaw \/fine$/m);
  expect(fine).not.toContain('because');

  const broken = await tell(api, '/broken');
  expect(broken).toMatch(/^GET \/broken was answered 502 by integrate /m);
  expect(broken).toContain(
    '  because   Execution failed due to configuration error: Malformed Lambda proxy response',
  );
  expect(broken).not.toContain('saw /fine');

  const missing = await tell(api, '/');
  expect(missing).toMatch(/^GET \/ was answered 403 by route /m);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html */
test('the way of what the cache answers ends there', async () => {
  const api = await bed.newApi();
  const code = 'exports.handler = async () => ({ statusCode: 200, body: "once" });';
  await api.method('GET', '/cached', proxyTo(await bed.newFunction('cached', code)));
  await deployCached(api);
  expect(await tell(api, '/cached')).toMatch(/ > cache > integrate.* > remember$/m);
  const again = await tell(api, '/cached');
  expect(again).toMatch(/^GET \/cached was answered 200 by cache /m);
  expect(again).toMatch(/^ {2}way {7}.* > cache$/m);
});
