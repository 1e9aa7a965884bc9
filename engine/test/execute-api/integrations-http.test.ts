import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Bed, custom, logOf } from './integrations-bed';

interface Seen {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let bed: Bed;
let backend: Server;
let base: string;
let goOn: (text: string) => void = () => {};
const bytes = Buffer.from([1, 2, 250, 251]);

/** Answers with what it saw; `/status/404` with that status, `/slowly` when it is told to go on, `/bytes` with bytes, `/many` with headers twice. */
beforeAll(async () => {
  bed = await Bed.start();
  backend = createServer((req, res) => {
    if (req.url === '/never') return;
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { method, url = '', headers } = req;
      if (url.startsWith('/bytes')) {
        res.writeHead(200, { 'content-type': 'image/png' });
        return res.end(bytes);
      }
      if (url.startsWith('/slowly')) {
        res.writeHead(200, { 'content-type': 'text/event-stream' });
        res.write('first;');
        goOn = (text) => res.end(text);
        return undefined;
      }
      if (url.startsWith('/huge')) {
        res.writeHead(200, { 'content-type': 'text/plain' });
        return res.end('x'.repeat(10 * 1024 * 1024 + 1));
      }
      if (url.startsWith('/gzip')) {
        res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
        return res.end(gzipSync('{"zipped":true}'));
      }
      const status = Number(/^\/status\/(\d+)/.exec(url)?.[1] ?? 200);
      res.writeHead(status, { 'content-type': 'application/json', 'x-many': ['a', 'b'], 'x-one': 'one' });
      return res.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  base = `http://127.0.0.1:${(backend.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html */
test('only what is mapped goes on, from everywhere it may come from', async () => {
  const api = await bed.newApi();
  await custom(
    api,
    'POST',
    '/shows/{id}',
    {
      type: 'HTTP',
      integrationHttpMethod: 'PUT',
      uri: `${base}/{kind}/{id}?own=1`,
      requestParameters: {
        'integration.request.path.kind': "'items'",
        'integration.request.path.id': 'method.request.path.id',
        'integration.request.querystring.page': 'method.request.querystring.page',
        'integration.request.querystring.tag': 'method.request.multivaluequerystring.tag',
        'integration.request.querystring.none': 'method.request.querystring.none',
        'integration.request.header.X-One': 'method.request.header.X-In',
        'integration.request.header.X-All': 'method.request.multivalueheader.X-In',
        'integration.request.header.X-Stage': 'context.stage',
        'integration.request.header.X-Title': 'method.request.body.show.title',
        'integration.request.header.X-Seats': 'method.request.body.seats[0]',
        'integration.request.header.User-Agent': "'mine'",
      },
    },
    {
      method: {
        requestParameters: Object.fromEntries(
          ['path.id', 'querystring.page', 'querystring.tag', 'querystring.none', 'header.X-In'].map(
            (name) => [`method.request.${name}`, false],
          ),
        ),
      },
    },
  );
  await api.deploy();
  const body = '{"show": {"title": "Hamlet"}, "seats": [7]}';
  const response = await api.fetch('/shows/a%20b?page=1&page=2&tag=x&tag=y&other=1', {
    method: 'POST',
    body,
    headers: [
      ['content-type', 'application/json'],
      ['X-In', 'first'],
      ['x-other', 'no'],
    ],
  });
  const seen = (await response.json()) as Seen;
  expect(seen).toMatchObject({ method: 'PUT', url: '/items/a%20b?own=1&page=2&tag=x&tag=y', body });
  expect(seen.headers).toMatchObject({
    accept: 'application/json',
    'content-type': 'application/json',
    'user-agent': 'mine',
    'x-amzn-apigateway-api-id': api.id,
    'x-one': 'first',
    'x-all': 'first',
    'x-stage': 'prod',
    'x-title': 'Hamlet',
    'x-seats': '7',
  });
  expect(seen.headers).not.toHaveProperty('x-other');
  expect(seen.headers).not.toHaveProperty('x-forwarded-for');
});

test('templates write the body and override what is mapped', async () => {
  const api = await bed.newApi();
  await custom(api, 'POST', '/', {
    type: 'HTTP',
    integrationHttpMethod: 'POST',
    uri: `${base}/{where}`,
    requestParameters: {
      'integration.request.path.where': "'mapped'",
      'integration.request.header.X-A': "'mapped'",
      'integration.request.querystring.q': "'mapped'",
    },
    requestTemplates: {
      'application/json': `#set($context.requestOverride.path.where = "overridden")
#set($context.requestOverride.header.X-A = "no")
{"sum": #set($n = $input.path('$.a') + 1)$n}`.replace(
        /#set\(\$context\.requestOverride\.header\.X-A.*\n/,
        `#set($context.requestOverride.header['X-A'] = "$input.path('$.a')")
#set($context.requestOverride.querystring.q = ["1", "2"])
`,
      ),
    },
  });
  await api.deploy();
  const seen = (await (
    await api.fetch('/', {
      method: 'POST',
      body: '{"a": 41}',
      headers: { 'content-type': 'application/json' },
    })
  ).json()) as Seen;
  expect(seen).toMatchObject({ url: '/overridden?q=1&q=2', body: '{"sum": 42}' });
  expect(seen.headers['x-a']).toBe('41');
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-integration-settings-integration-response.html */
test('the status chooses the response, whose headers and body are mapped', async () => {
  const api = await bed.newApi();
  const header = (name: string) => `method.response.header.${name}`;
  await custom(
    api,
    'GET',
    '/{status}',
    {
      type: 'HTTP',
      integrationHttpMethod: 'GET',
      uri: `${base}/status/{status}`,
      requestParameters: { 'integration.request.path.status': 'method.request.path.status' },
    },
    {
      method: { requestParameters: { 'method.request.path.status': true } },
      responses: [
        {
          responseParameters: {
            [header('One')]: 'integration.response.header.X-One',
            [header('Many')]: 'integration.response.multivalueheader.X-Many',
            [header('Url')]: 'integration.response.body.url',
            [header('Fixed')]: "'fixed'",
            [header('Id')]: 'context.requestId',
            [header('None')]: 'integration.response.header.X-None',
          },
        },
        {
          statusCode: '404',
          selectionPattern: '404',
          responseTemplates: { 'application/json': `{"error": "none at $input.path('$.url')"}` },
        },
        { statusCode: '502', selectionPattern: '5\\d{2}', responseTemplates: { 'text/plain': 'broken' } },
      ],
    },
  );
  await api.deploy();
  const good = await api.raw('/200');
  expect(good.headers).toMatchObject({ one: 'one', many: 'a, b', url: '/status/200', fixed: 'fixed' });
  expect(good.headers.id).toBe(good.headers['x-amzn-requestid']);
  expect(good.headers).not.toHaveProperty('none');
  expect(good.headers).not.toHaveProperty('x-one');
  const missing = await api.fetch('/404');
  expect([missing.status, await missing.json()]).toEqual([404, { error: 'none at /status/404' }]);
  const broken = await api.fetch('/503');
  expect([broken.status, broken.headers.get('content-type'), await broken.text()]).toEqual([
    502,
    'text/plain',
    'broken',
  ]);
  expect((await api.fetch('/418')).status).toBe(200);
});

test('without a default, what matches nothing is a 500', async () => {
  const api = await bed.newApi();
  const where = await custom(
    api,
    'GET',
    '/',
    { type: 'HTTP', integrationHttpMethod: 'GET', uri: `${base}/status/404` },
    { responses: [{ selectionPattern: '2\\d{2}' }] },
  );
  await api.deploy();
  expect((await api.fetch('/')).status).toBe(500);
  const { lines } = await logOf(bed, where);
  expect(lines).toContain(
    'Execution failed due to configuration error: No match for output mapping and no default endpoint mapping configured',
  );
});

describe('proxies', () => {
  const proxy = (uri: string, more: object = {}) => ({
    type: 'HTTP_PROXY' as const,
    integrationHttpMethod: 'ANY',
    uri: `${base}${uri}`,
    ...more,
  });

  test('bytes reach who accepts them, as base64 text who does not', async () => {
    const api = await bed.newApi({ binaryMediaTypes: ['image/png'] });
    await api.method('GET', '/bytes', proxy('/bytes'));
    await api.method('GET', '/gzip', proxy('/gzip'));
    await api.deploy();
    expect((await api.raw('/bytes', { headers: { accept: 'image/png' } })).body).toEqual(bytes);
    expect(String((await api.raw('/bytes')).body)).toBe(bytes.toString('base64'));
    expect(await (await api.fetch('/gzip')).json()).toEqual({ zipped: true });
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
  test('a stream is passed on as it comes', async () => {
    const api = await bed.newApi();
    await api.method(
      'GET',
      '/s',
      proxy('/slowly', { responseTransferMode: 'STREAM', timeoutInMillis: 60_000 }),
    );
    await api.deploy();
    const response = await api.fetch('/s');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toEqual({ done: false, value: 'first;' });
    goOn('last');
    expect(await reader?.read()).toEqual({ done: false, value: 'last' });
    expect((await reader?.read())?.done).toBe(true);
    expect(response.headers.get('content-length')).toBeNull();
    await expect(
      api.method('POST', '/s', { ...proxy('/slowly'), type: 'HTTP', responseTransferMode: 'STREAM' }),
    ).rejects.toThrow(/STREAM/);
  });

  test('mapped queries and headers replace what was passed', async () => {
    const api = await bed.newApi();
    await api.method(
      'GET',
      '/q',
      proxy('/q', {
        requestParameters: {
          'integration.request.querystring.a': "'mapped'",
          'integration.request.header.X-A': "'mapped'",
        },
      }),
    );
    await api.deploy();
    const seen = (await (await api.fetch('/q?a=1&a=2&b=3', { headers: { 'x-a': 'given' } })).json()) as Seen;
    expect([seen.url, seen.headers['x-a']]).toEqual(['/q?b=3&a=mapped', 'mapped']);
  });
});

test('an answer of more than 10 MB is a 500', async () => {
  const api = await bed.newApi();
  const where = await custom(api, 'GET', '/', {
    type: 'HTTP',
    integrationHttpMethod: 'GET',
    uri: `${base}/huge`,
  });
  await api.method('GET', '/proxy', {
    type: 'HTTP_PROXY',
    integrationHttpMethod: 'GET',
    uri: `${base}/huge`,
  });
  await api.deploy();
  expect((await api.fetch('/')).status).toBe(500);
  expect((await api.fetch('/proxy')).status).toBe(500);
  expect((await logOf(bed, where)).lines.join()).toContain(
    'is larger than allowed maximum of 10485760 bytes.',
  );
});

test('other machines are not called; those that do not answer time out', async () => {
  const api = await bed.newApi();
  const uri = 'http://192.0.2.1/away';
  const where = await custom(api, 'GET', '/away', { type: 'HTTP', integrationHttpMethod: 'GET', uri });
  await custom(api, 'GET', '/never', {
    type: 'HTTP',
    integrationHttpMethod: 'GET',
    uri: `${base}/never`,
    timeoutInMillis: 60,
  });
  await api.deploy();
  const away = await api.fetch('/away');
  expect([away.status, await away.text()]).toEqual([
    504,
    '{"message": "Network error communicating with endpoint"}',
  ]);
  expect((await logOf(bed, where)).lines).toContain(
    'Execution failed due to an internal error: 192.0.2.1 is not on this machine',
  );
  const never = await api.fetch('/never');
  expect([never.status, await never.text()]).toEqual([504, '{"message": "Endpoint request timed out"}']);
  await expect(
    custom(api, 'GET', '/long', {
      type: 'HTTP',
      integrationHttpMethod: 'GET',
      uri: base,
      timeoutInMillis: 29_001,
    }),
  ).rejects.toThrow('Timeout should be between 50 ms and 29000 ms');
});
