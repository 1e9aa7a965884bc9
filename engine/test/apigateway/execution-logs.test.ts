import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import { linesOf, mocked, newLogRole, set, setLogRole } from './seen-support';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html */
const SECRET = 'Bearer abcdefghijklmnopqrstuvwxyz0123456789';

let bed: Bed;

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  await setLogRole(bed, await newLogRole(bed));
});

afterAll(() => bed.stop());

/** An API with a mock, a function, and one that answers nonsense. */
async function newApi(settings: Record<string, string>): Promise<TestApi> {
  const api = await bed.newApi();
  await mocked(api, '/mock/{id}');
  const echo = await bed.newFunction(
    `echo-${api.id}`,
    'exports.handler = async (event) => ({ statusCode: 200, body: event.body })',
  );
  await api.method('POST', '/lambda', proxyTo(echo));
  const broken = await bed.newFunction(`broken-${api.id}`, 'exports.handler = async () => "nonsense"');
  await api.method('GET', '/broken', proxyTo(broken));
  await api.deploy();
  await set(api, settings);
  return api;
}

const linesFor = async (api: TestApi, answer: Response) => {
  const id = answer.headers.get('x-amzn-requestid');
  const all = await linesOf(bed, `API-Gateway-Execution-Logs_${api.id}/prod`);
  const start = `(${id}) `;
  return all.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
};

test('INFO tells the way of every request, and no data', async () => {
  const api = await newApi({ '/*/*/logging/loglevel': 'INFO' });
  const answer = await api.fetch('/mock/7?q=1');
  const lines = await linesFor(api, answer);
  const id = answer.headers.get('x-amzn-requestid');
  expect(lines).toEqual([
    `Extended Request Id: ${answer.headers.get('x-amz-apigw-id')}`,
    expect.stringContaining(`Verifying Usage Plan for request: ${id}. API Key:`),
    expect.stringMatching(
      /^API Key .*authorized because method 'GET \/mock\/\{id\}' does not require API Key/,
    ),
    expect.stringMatching(/^Usage Plan check succeeded/),
    `Starting execution for request: ${id}`,
    'HTTP Method: GET, Resource Path: /mock/7',
    'Successfully completed execution',
    'Method completed with status: 200',
  ]);
});

test('with data trace, also what went in and out; secrets blotted out, long lines cut', async () => {
  const api = await newApi({ '/*/*/logging/loglevel': 'INFO', '/*/*/logging/dataTrace': 'true' });
  const headers = { authorization: SECRET, 'x-api-key': 'k1k2k3k4k5k6k7k8k9k0' };
  const answer = await api.fetch('/lambda?q=1', { method: 'POST', headers, body: 'x'.repeat(3000) });
  const lines = await linesFor(api, answer);
  const text = lines.join('\n');
  expect(lines).toContainEqual('Method request query string: {q=1}');
  expect(text).toMatch(/Method request headers: \{.*authorization=\*{37}456789/);
  expect(text).toMatch(/x-api-key=\*{14}k8k9k0/);
  expect(text).not.toContain('abcdefghij');
  expect(text).not.toContain('k1k2k3');
  expect(lines).toContainEqual(expect.stringMatching(/^Endpoint request URI: https:\/\/lambda\./));
  expect(lines).toContainEqual(
    expect.stringMatching(/^Received response. Status: 200, Integration latency: \d+ ms$/),
  );
  expect(lines).toContainEqual(expect.stringMatching(/^AWS Integration Endpoint RequestId : [\w-]{36}$/));
  const body = lines.find((line) => line.startsWith('Method request body before transformations: ')) ?? '';
  expect(body).toMatch(/x \[TRUNCATED\]$/);
  // 1024 bytes with the request's id before it.
  expect(Buffer.byteLength(body)).toBe(1024 - 39 + ' [TRUNCATED]'.length);
});

test('ERROR tells of requests that failed only', async () => {
  const api = await newApi({ '/*/*/logging/loglevel': 'ERROR' });
  const fine = await api.fetch('/mock/7');
  const failed = await api.fetch('/broken');
  expect(failed.status).toBe(502);
  expect(await linesFor(api, failed)).toEqual([
    'Execution failed due to configuration error: Malformed Lambda proxy response',
    'Method completed with status: 502',
  ]);
  expect(await linesFor(api, fine)).toEqual([]);
});

test('a method has a level of its own; what no method answers leaves nothing', async () => {
  const api = await newApi({ '/~1broken/GET/logging/loglevel': 'INFO' });
  const quiet = await api.fetch('/mock/7');
  const nowhere = await api.fetch('/nowhere');
  const told = await api.fetch('/broken');
  expect(await linesFor(api, told)).toContain('Method completed with status: 502');
  expect(await linesFor(api, quiet)).toEqual([]);
  expect(await linesFor(api, nowhere)).toEqual([]);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html */
test('what a canary answers is in a group of its own, too', async () => {
  const api = await newApi({ '/*/*/logging/loglevel': 'INFO' });
  await bed.api.send(
    new CreateDeploymentCommand({
      restApiId: api.id,
      stageName: 'prod',
      canarySettings: { percentTraffic: 100 },
    }),
  );
  const answer = await api.fetch('/mock/7');
  const line = `(${answer.headers.get('x-amzn-requestid')}) Method completed with status: 200`;
  const group = `API-Gateway-Execution-Logs_${api.id}/prod`;
  expect(await linesOf(bed, group)).toContain(line);
  expect(await linesOf(bed, `${group}/Canary`)).toContain(line);
});

test('the steps of a request are in its event, with the one that answered', async () => {
  const api = await newApi({});
  const fine = await api.fetch('/mock/7');
  const missing = await api.fetch('/nowhere');
  const events = bed.cloud.host().parts.events.recent();
  const of = (answer: Response) => {
    const requestId = answer.headers.get('x-amzn-requestid');
    const event = events.find((one) => one.type === 'http' && one.requestId === requestId);
    return event?.type === 'http' ? event : undefined;
  };
  expect(of(fine)?.answered).toBe('integrate');
  const names = of(fine)?.steps?.map(([name]) => name) ?? [];
  expect(names[0]).toBe('mutualTls');
  expect(names.indexOf('endpoint')).toBeLessThan(names.indexOf('route'));
  expect(names.indexOf('throttle')).toBeLessThan(names.indexOf('integrate'));
  expect(of(missing)?.answered).toBe('route');
});
