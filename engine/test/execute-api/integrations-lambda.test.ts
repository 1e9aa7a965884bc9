import { PutFunctionConcurrencyCommand } from '@aws-sdk/client-lambda';
import { proxyTo } from '../apigateway/support';
import { Bed, custom, gatewayRole, logOf } from './integrations-bed';

let bed: Bed;
let echo: string;

beforeAll(async () => {
  bed = await Bed.start();
  echo = await bed.newFunction(
    'echo',
    `exports.handler = async (event) => {
      if (event.fail) throw Object.assign(new Error(event.fail), { name: 'Failed' });
      if (event.never) await new Promise((done) => setTimeout(done, 30000));
      return event.give ?? event;
    };`,
  );
});
afterAll(() => bed.stop());

const invoke = (functionArn: string, more: object = {}) => ({
  ...proxyTo(functionArn),
  type: 'AWS' as const,
  ...more,
});
const post = (body: string, headers: Record<string, string> = {}) => ({
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json', ...headers },
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-custom-integrations.html */
test('the body is the event, and the result the body', async () => {
  const api = await bed.newApi();
  await custom(api, 'POST', '/', invoke(echo));
  await custom(
    api,
    'GET',
    '/{id}',
    invoke(echo, {
      requestTemplates: { 'application/json': '{"id": "$input.params(\'id\')", "stage": "$context.stage"}' },
    }),
  );
  await api.deploy();
  const response = await api.fetch('/', post('{"a": [1, 2]}'));
  expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
    200,
    'application/json',
    { a: [1, 2] },
  ]);
  expect(await (await api.fetch('/7')).json()).toEqual({ id: '7', stage: 'prod' });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/handle-errors-in-lambda-integration.html */
test('errors are chosen by their message, whole and without line ends', async () => {
  const api = await bed.newApi();
  const template = {
    'application/json': `{"message": "$input.path('$.errorMessage')", "type": "$input.path('$.errorType')"}`,
  };
  const where = await custom(api, 'POST', '/', invoke(echo), {
    responses: [
      {},
      { statusCode: '400', selectionPattern: 'Malformed.*', responseTemplates: template },
      { statusCode: '404', selectionPattern: '.*not found.*', responseTemplates: template },
    ],
  });
  await api.deploy();
  const fail = async (message: string) => {
    const response = await api.fetch('/', post(JSON.stringify({ fail: message })));
    return [response.status, await response.json()] as const;
  };
  expect(await fail('Malformed input ...')).toEqual([
    400,
    { message: 'Malformed input ...', type: 'Failed' },
  ]);
  expect(await fail('show 7 not found')).toEqual([404, { message: 'show 7 not found', type: 'Failed' }]);
  const [status, body] = await fail('it is Malformed');
  expect([status, body]).toEqual([200, expect.objectContaining({ errorMessage: 'it is Malformed' })]);
  expect((await fail('Malformed\nin lines'))[0]).toBe(200);
  // A result that looks like it is none.
  expect((await api.fetch('/', post('{"give": {"errorMessage": "Malformed"}}'))).status).toBe(200);
  const { lines } = await logOf(bed, where, { body: '{"fail": "Malformed"}' });
  expect(lines.find((line) => line.startsWith('Lambda invocation failed'))).toMatch(
    /^Lambda invocation failed with status: 200. Customer function error: \{"errorType":"Failed"/,
  );
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-integration-async.html */
test('asynchronous, by a mapped header', async () => {
  const api = await bed.newApi();
  await custom(
    api,
    'POST',
    '/static',
    invoke(echo, {
      requestParameters: { 'integration.request.header.X-Amz-Invocation-Type': "'Event'" },
    }),
  );
  await custom(
    api,
    'POST',
    '/asked',
    invoke(echo, {
      requestParameters: {
        'integration.request.header.X-Amz-Invocation-Type': 'method.request.header.InvocationType',
      },
    }),
    { method: { requestParameters: { 'method.request.header.InvocationType': false } } },
  );
  await api.deploy();
  const accepted = await api.fetch('/static', post('{"never": true}'));
  expect([accepted.status, await accepted.text()]).toEqual([200, '']);
  expect(await (await api.fetch('/asked', post('{"x": 1}', { InvocationType: 'Event' }))).text()).toBe('');
  expect(await (await api.fetch('/asked', post('{"x": 1}'))).text()).toBe('{"x":1}');
});

test('who may: the gateway by the function’s policy, or the integration’s role', async () => {
  const closed = await bed.newFunction('closed', 'exports.handler = async (event) => event;', false);
  const role = await gatewayRole(bed, 'invoker', ['lambda:InvokeFunction']);
  const api = await bed.newApi();
  const where = await custom(api, 'POST', '/gateway', invoke(closed));
  await custom(api, 'POST', '/role', invoke(closed, { credentials: role }));
  await api.method('POST', '/proxy', { ...proxyTo(closed), credentials: role });
  await api.deploy();
  const refused = await api.fetch('/gateway', post('{}'));
  expect([refused.status, await refused.text()]).toEqual([500, '{"message": "Internal server error"}']);
  expect((await logOf(bed, where)).lines).toContain(
    'Execution failed due to configuration error: Invalid permissions on Lambda function',
  );
  expect((await api.fetch('/role', post('{}'))).status).toBe(200);
  // The function is reached: it echoes an event, which is no proxy's response.
  expect((await api.fetch('/proxy', post('{}'))).status).toBe(502);
});

test('throttled functions, wrong methods, timeouts', async () => {
  const busy = await bed.newFunction('busy', 'exports.handler = async () => ({})');
  await bed.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: 'busy', ReservedConcurrentExecutions: 0 }),
  );
  const api = await bed.newApi();
  const where = await custom(api, 'POST', '/busy', invoke(busy));
  await custom(api, 'POST', '/get', { ...invoke(echo), integrationHttpMethod: 'GET' });
  await custom(api, 'POST', '/slow', invoke(echo, { timeoutInMillis: 50 }));
  await api.deploy();
  expect((await api.fetch('/busy', post('{}'))).status).toBe(500);
  const { lines } = await logOf(bed, where);
  expect(
    lines.some((line) => line.startsWith('Lambda invocation failed with status: 429. Lambda request id:')),
  ).toBe(true);
  expect((await api.fetch('/get', post('{}'))).status).toBe(500);
  const slow = await api.fetch('/slow', post('{"never": true}'));
  expect([slow.status, await slow.text()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html */
test('bytes come as base64 text and go as bytes', async () => {
  const bytes = Buffer.from([1, 2, 250, 251]);
  const api = await bed.newApi({ binaryMediaTypes: ['image/png'] });
  await custom(
    api,
    'POST',
    '/in',
    invoke(echo, {
      contentHandling: 'CONVERT_TO_TEXT',
      passthroughBehavior: 'WHEN_NO_TEMPLATES',
      requestTemplates: { 'image/png': '{"data": "$input.body"}' },
    }),
  );
  await custom(api, 'POST', '/out', invoke(echo), { responses: [{ contentHandling: 'CONVERT_TO_BINARY' }] });
  await api.deploy();
  const sent = await api.raw('/in', {
    method: 'POST',
    headers: { 'content-type': 'image/png' },
    body: bytes,
  });
  expect(JSON.parse(String(sent.body))).toEqual({ data: bytes.toString('base64') });
  const given = JSON.stringify({ give: bytes.toString('base64') });
  const got = await api.raw('/out', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(given),
  });
  expect(got.body).toEqual(bytes);
});

test('more than 6 MB are too much for a function, more than 10 MB for an API', async () => {
  const api = await bed.newApi();
  await custom(api, 'POST', '/', invoke(echo));
  await api.deploy();
  const big = (megabytes: number) => JSON.stringify({ give: 1, pad: 'x'.repeat(megabytes * 1024 * 1024) });
  expect((await api.fetch('/', post(big(5)))).status).toBe(200);
  expect((await api.fetch('/', post(big(7)))).status).toBe(413);
  expect((await api.fetch('/', post(big(11)))).status).toBe(413);
});
