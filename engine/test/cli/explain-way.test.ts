import { formatExplained } from '../../src/cli/explain';
import { Bed, proxyTo } from '../apigateway/support';

let bed: Bed;
beforeAll(async () => {
  bed = await Bed.start();
});
afterAll(() => bed.stop());

test('explain tells the way of a request through an API, and what its function logged', async () => {
  const code =
    'exports.handler = async (event) => { console.log("saw " + event.path); return event.path === "/fine" ? { statusCode: 204 } : "nonsense"; }';
  const api = await bed.newApi();
  await api.method('GET', '/{proxy+}', proxyTo(await bed.newFunction('talks', code)));
  await api.deploy();
  const tell = async (path: string) => {
    const id = (await api.fetch(path)).headers.get('x-amzn-requestid');
    const answer = await fetch(`${bed.cloud.endpoint}/_tierkit/explain?id=${id}`);
    return formatExplained(await answer.json());
  };

  const fine = await tell('/fine');
  expect(fine).toMatch(/^GET \/fine was answered 204 by integrate after \d+ ms$/m);
  expect(fine).toMatch(/^ {2}way {7}endpoint > route > .*throttle > .*integrate/m);
  expect(fine).toMatch(/^ {2}log {7}\/aws\/lambda\/talks: START RequestId: /m);
  expect(fine).toMatch(/^ {2}log {7}\/aws\/lambda\/talks: .*\tsaw \/fine$/m);
  expect(fine).not.toContain('because');

  const broken = await tell('/broken');
  expect(broken).toMatch(/^GET \/broken was answered 502 by integrate /m);
  expect(broken).toContain(
    '  because   Execution failed due to configuration error: Malformed Lambda proxy response',
  );
  expect(broken).not.toContain('saw /fine');

  const missing = await tell('/');
  expect(missing).toMatch(/^GET \/ was answered 403 by route /m);
});
