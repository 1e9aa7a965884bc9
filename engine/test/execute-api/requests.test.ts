import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { PutGatewayResponseCommand } from '@aws-sdk/client-api-gateway';
import fc from 'fast-check';
import { acceptedCoding } from '../../src/execute-api/accepted-coding';
import { Bed, proxyTo, type TestApi } from '../apigateway/support';

/** What the backend answers with, and what it was asked. */
const ANSWER = {
  Age: '1',
  Authorization: 'a',
  'Content-MD5': 'a',
  Expect: 'a',
  Host: 'a',
  'Max-Forwards': '1',
  Pragma: 'a',
  'Proxy-Authenticate': 'a',
  Server: 'a',
  TE: 'a',
  Upgrade: 'a',
  'User-Agent': 'a',
  Via: 'a',
  Warn: 'a',
  'WWW-Authenticate': 'a',
};

let bed: Bed;
let api: TestApi;
let small: TestApi;
let backend: Server;

beforeAll(async () => {
  bed = await Bed.start();
  const echo = await bed.newFunction(
    'echo',
    `exports.handler = async (event) => ({
      statusCode: 200,
      body: JSON.stringify({ ...event, length: event.body?.length, body: event.body?.slice(0, 100) }),
    });`,
  );
  const answers = await bed.newFunction(
    'answers',
    `exports.handler = async () => ({ statusCode: 200, headers: ${JSON.stringify(ANSWER)}, body: '' });`,
  );
  backend = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.writeHead(200, ANSWER);
      res.end(JSON.stringify({ headers: req.headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', () => resolve()));
  const uri = `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`;
  api = await bed.newApi();
  await api.method('ANY', '/echo', proxyTo(echo));
  await api.method('GET', '/answers', proxyTo(answers));
  await api.method('ANY', '/http', { type: 'HTTP_PROXY', integrationHttpMethod: 'ANY', uri });
  await bed.api.send(
    new PutGatewayResponseCommand({ restApiId: api.id, responseType: 'DEFAULT_4XX', statusCode: '418' }),
  );
  await api.deploy();
  small = await bed.newApi({ minimumCompressionSize: 200 });
  await small.method('ANY', '/echo', proxyTo(echo));
  await small.deploy();
});
afterAll(async () => {
  await bed.stop();
  backend.closeAllConnections();
  backend.close();
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis */
describe('headers', () => {
  const SENT = {
    authorization: 'Bearer token',
    'content-md5': 'a',
    'max-forwards': '1',
    pragma: 'a',
    'proxy-authenticate': 'a',
    range: 'bytes=0-1',
    referer: 'a',
    server: 'a',
    te: 'a',
    via: '1.1 somewhere',
    warn: 'a',
    'www-authenticate': 'a',
  };

  test.each([
    ['/echo', ['authorization', 'pragma', 'range', 'referer', 'via', 'warn']],
    ['/http', ['authorization', 'pragma', 'range', 'referer', 'warn']],
  ])('of the caller that %s gets', async (path, names) => {
    const { headers } = JSON.parse((await api.raw(path, { headers: SENT })).body.toString());
    expect(Object.keys(headers).filter((name) => name in SENT)).toEqual(names);
  });

  test('a signature stays at the gateway', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=b, Signature=c';
    for (const path of ['/echo', '/http']) {
      const { headers } = JSON.parse((await api.raw(path, { headers: { authorization } })).body.toString());
      expect(headers).not.toHaveProperty('authorization');
    }
  });

  test.each(['/answers', '/http'])('of %s that the caller gets', async (path) => {
    const { headers } = await api.raw(path);
    expect(headers).toMatchObject({ age: '1', pragma: 'a', warn: 'a', 'content-type': 'application/json' });
    for (const name of [
      'authorization',
      'content-md5',
      'max-forwards',
      'server',
      'user-agent',
      'www-authenticate',
    ]) {
      expect(headers).toHaveProperty([`x-amzn-remapped-${name}`]);
      expect(headers).not.toHaveProperty([name]);
    }
    for (const name of ['expect', 'host', 'proxy-authenticate', 'te', 'upgrade', 'via']) {
      expect(headers).not.toHaveProperty([name]);
      expect(headers).not.toHaveProperty([`x-amzn-remapped-${name}`]);
    }
  });
});

describe('the method', () => {
  test('is another where a header says so, which goes no further', async () => {
    const headers = { 'x-http-method-override': 'DELETE' };
    const event = JSON.parse((await api.raw('/echo', { method: 'POST', headers })).body.toString());
    expect(event).toMatchObject({ httpMethod: 'DELETE', requestContext: { httpMethod: 'DELETE' } });
    expect(event.headers).not.toHaveProperty(['x-http-method-override']);
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-method-settings.html */
  test('is one of seven where a resource takes any', async () => {
    for (const method of ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']) {
      expect((await small.raw('/echo', { method })).status).toBe(200);
    }
    for (const method of ['TRACE', 'PROPFIND', 'PURGE']) {
      expect((await small.raw('/echo', { method })).status).toBe(403);
    }
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html#api-gateway-known-issues-rest-apis */
describe('the query', () => {
  /** As it is, where clients of URLs would encode it. */
  const ask = (query: string) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const url = new URL(small.url('/echo'));
      const options = { host: url.hostname, port: url.port, path: `${url.pathname}?${query}` };
      const request = httpRequest(options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      });
      request.on('error', reject);
      request.end();
    });

  test('is split at semicolons, and decoded', async () => {
    const { text } = await ask('a=1;b=x%20y+z%3B&a=%C3%A9');
    expect(JSON.parse(text)).toMatchObject({
      multiValueQueryStringParameters: { a: ['1', 'é'], b: ['x y z;'] },
    });
  });

  test('arrives as it was meant, whatever is in it', async () => {
    const name = fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom('__proto__', 'constructor', 'a'));
    const pairs = fc.array(fc.tuple(name, fc.string({ maxLength: 9 })), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(pairs, async (given) => {
        const { text } = await ask(given.map((pair) => pair.map(encodeURIComponent).join('=')).join('&'));
        const names = [...new Set(given.map(([key]) => key))];
        const values = (of: string) => given.filter(([key]) => key === of).map(([, value]) => value);
        const { multiValueQueryStringParameters: many, queryStringParameters: last } = JSON.parse(text);
        expect(Object.entries(many).sort()).toEqual(names.map((key) => [key, values(key)]).sort());
        expect(Object.entries(last).sort()).toEqual(names.map((key) => [key, values(key).at(-1)]).sort());
      }),
      { numRuns: 40 },
    );
  });

  test.each(['a=b|c', 'a={b', 'a=b}', 'a=%zz', 'a=100%'])('is refused: %s', async (query) => {
    expect(await ask(query)).toEqual({ status: 400, text: '{"message":"Bad Request"}' });
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-make-request-with-compressed-payload.html */
describe('a compressed body', () => {
  const post = async (to: TestApi, body: Buffer, coding: string) => {
    const headers = { 'content-encoding': coding, 'content-type': 'text/plain' };
    const response = await to.raw('/echo', { method: 'POST', headers, body });
    return [response.status, response.status === 200 ? JSON.parse(response.body.toString()).body : undefined];
  };
  const text = 'a text for the function';

  test('is unpacked for the function', async () => {
    expect(await post(api, gzipSync(text), 'gzip')).toEqual([200, text]);
    expect(await post(api, deflateSync(text), 'Deflate')).toEqual([200, text]);
    expect(await post(api, Buffer.from(text), 'identity')).toEqual([200, text]);
  });

  test('is refused in another coding, or none', async () => {
    const headers = { 'content-encoding': 'br', 'content-type': 'text/plain' };
    const { status, body } = await small.raw('/echo', { method: 'POST', headers, body: Buffer.from(text) });
    expect([status, body.toString()]).toEqual([415, '{"message": "Unsupported Media Type"}']);
    expect(await post(api, Buffer.from(text), 'gzip')).toEqual([418, undefined]);
  });

  test('may not be more than 10 MB when it is unpacked; that has AWS’s own response', async () => {
    expect((await api.raw('/nowhere')).status).toBe(418);
    expect(await post(api, gzipSync(Buffer.alloc(11 * 1024 * 1024)), 'gzip')).toEqual([413, undefined]);
  });

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html */
  test('stays as it is where it is smaller than what the API compresses', async () => {
    const [, small_] = await post(small, gzipSync('hi'), 'gzip');
    expect(small_).not.toBe('hi');
    const random = Array.from({ length: 400 }, (_, i) => ((i * 7919) % 9973).toString(36)).join('');
    expect(await post(small, gzipSync(random), 'gzip')).toEqual([200, random.slice(0, 100)]);
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-enable-compression.html#api-gateway-supported-content-encodings */
describe('a response is compressed', () => {
  const ask = async (accepted: string | undefined) => {
    const headers: Record<string, string> = accepted === undefined ? {} : { 'accept-encoding': accepted };
    const { body, headers: given } = await small.raw('/echo', { headers });
    const coding = given['content-encoding'];
    const text = coding === 'gzip' ? gunzipSync(body) : coding === 'deflate' ? inflateSync(body) : body;
    expect(JSON.parse(text.toString())).toMatchObject({ path: '/echo' });
    return coding;
  };

  test.each([
    ['deflate,gzip', 'gzip'],
    ['*', 'gzip'],
    ['gzip, deflate, br', 'gzip'],
    ['deflate', 'deflate'],
    ['deflate;q=0.5,gzip;q=1.0', 'gzip'],
    ['deflate;q=1,gzip;q=0.2', 'deflate'],
    ['gzip;q=0, deflate', 'deflate'],
    ['gzip;q=1.0,identity;q=0.5,*;q=0', 'gzip'],
    ['', undefined],
    [undefined, undefined],
    ['identity', undefined],
    ['br', undefined],
    ['br;q=1,gzip;q=0.5', undefined],
    ['*;q=0', undefined],
    ['xgzip', undefined],
  ])('for %j: %j', async (accepted, coding) => {
    expect(await ask(accepted)).toBe(coding);
  });

  test('never in a coding that was not accepted', () => {
    const names = fc.constantFrom('gzip', 'deflate', 'br', 'identity', '*', 'x', '');
    const weights = fc.constantFrom('', ';q=0', ';q=0.5', ';q=1', ';q=', '; Q=x');
    const header = fc
      .array(fc.tuple(names, weights).map((pair) => pair.join('')))
      .map((list) => list.join(','));
    fc.assert(
      fc.property(fc.oneof(header, fc.string()), (text) => {
        const coding = acceptedCoding(text);
        expect(coding === undefined || text.includes(coding) || text.includes('*')).toBe(true);
      }),
    );
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
describe('too large', () => {
  test('are a request line and headers of more than 10,240 bytes', async () => {
    const pad = (length: number) => ({ 'x-long': 'x'.repeat(length) });
    expect((await small.raw('/echo', { headers: pad(9_000) })).status).toBe(200);
    const { body, status } = await small.raw('/echo', { headers: pad(10_300) });
    expect([status, body.toString()]).toEqual([413, '{"message":"HTTP header is larger than 10240 bytes."}']);
    expect((await small.raw(`/echo?a=${'x'.repeat(10_300)}`)).status).toBe(413);
  });

  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  test('are more than 6 MB for a function', async () => {
    const { body, status } = await api.raw('/echo', {
      method: 'POST',
      body: Buffer.alloc(7 * 1024 * 1024, 'a'),
    });
    expect([status, body.toString()]).toEqual([413, '{"message":"Request Too Long"}']);
  });
});
