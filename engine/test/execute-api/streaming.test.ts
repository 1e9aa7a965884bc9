import { TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { asyncProperty, assert as check, integer } from 'fast-check';
import { linesOf, newLogRole, set, setLogRole } from '../apigateway/seen-support';
import { proxyTo } from '../apigateway/support';
import { Gate } from '../lambda/gate';
import { Bed, handler, requestSeen, streamingApi, streamOf } from './streaming-bed';

let bed: Bed;
let gate: Gate;
beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  gate = await Gate.start();
});
afterAll(async () => {
  await bed.stop();
  gate.stop();
});

const FAILED = { status: 500, body: '{"message": "Internal server error"}' };

async function said(response: Response): Promise<{ status: number; body: string }> {
  return { status: response.status, body: await response.text() };
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html */
describe('AWS_PROXY with responseTransferMode STREAM', () => {
  test('brings head and body while the function goes on', async () => {
    const api = await streamingApi(
      bed,
      `answer({ statusCode: 201, headers: { 'X-Foo': 'bar', 'Content-Type': 'text/event-stream' },
                multiValueHeaders: { 'X-Many': ['a', 'b'], 'X-Foo': ['bar', 'baz'] }, cookies: ['a=1', 'b=2; Secure'] });
       stream.write('one;');
       ${gate.pass('second')};
       stream.end(event.httpMethod + ' ' + event.queryStringParameters.q);`,
    );
    const response = await api.fetch('/?q=2');
    expect(response.status).toBe(201);
    expect(response.headers.get('x-foo')).toBe('bar, baz');
    expect(response.headers.get('x-many')).toBe('a, b');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2; Secure']);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('transfer-encoding')).toBe('chunked');
    expect(response.headers.get('content-length')).toBeNull();
    expect(response.headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader.read()).toEqual({ done: false, value: 'one;' });
    gate.open('second');
    expect(await reader.read()).toEqual({ done: false, value: 'GET 2' });
    expect((await reader.read()).done).toBe(true);
  });

  test('needs nothing in the head, and takes a length for chunks', async () => {
    const bare = await streamingApi(bed, `answer({}); stream.write('x'); stream.end();`);
    const response = await bare.fetch('/');
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await response.text()).toBe('x');
    const sized = await streamingApi(
      bed,
      `answer({ headers: { 'Content-Length': event.queryStringParameters.length } });
       stream.write('12'); stream.end('345');`,
    );
    const five = await sized.raw('/?length=5');
    expect(five.headers['content-length']).toBe('5');
    expect(five.headers['transfer-encoding']).toBeUndefined();
    expect(five.body.toString()).toBe('12345');
    for (const wrong of [4, 6]) {
      await expect(sized.fetch(`/?length=${wrong}`).then((answer) => answer.text())).rejects.toThrow(
        /terminated|fetch failed/,
      );
    }
    expect(await said(await sized.fetch('/?length=five'))).toEqual(FAILED);
    const silent = await bed.newFunction(
      'silent',
      handler(`answer({ headers: { 'Content-Length': 5 } }); stream.write(''); stream.end();`),
    );
    await sized.method('HEAD', '/', streamOf(silent));
    await sized.deploy();
    const head = await sized.raw('/', { method: 'HEAD' });
    expect([head.status, head.headers['content-length']]).toEqual([200, '5']);
  });

  test('passes on bytes as they are, more than 10 MB of them, and compresses nothing', async () => {
    const api = await bed.newApi({ minimumCompressionSize: 0 });
    const functionArn = await bed.newFunction(
      'bytes',
      handler(`answer({ headers: { 'Content-Type': 'image/png' } });
        const mb = Buffer.alloc(1024 * 1024, Buffer.from([0, 1, 250, 255]));
        const { Readable } = require('stream'); const { pipeline } = require('stream/promises');
        await pipeline(Readable.from((function* () { for (let i = 0; i < 12; i++) yield mb; })()), stream);`),
    );
    await api.method('GET', '/', streamOf(functionArn));
    await api.deploy();
    const { headers, body } = await api.raw('/', { headers: { 'Accept-Encoding': 'gzip' } });
    expect(headers['content-encoding']).toBeUndefined();
    expect(body.equals(Buffer.alloc(12 * 1024 * 1024, Buffer.from([0, 1, 250, 255])))).toBe(true);
  });

  test('takes a delimiter within the first 16 KB only', async () => {
    const api = await streamingApi(
      bed,
      `const pad = Number(event.queryStringParameters.size) - 8 - 2;
       // In two pieces, wherever they are cut.
       const all = Buffer.from('{' + ' '.repeat(pad) + '}' + '\\0'.repeat(8) + 'body');
       const cut = Number(event.queryStringParameters.cut);
       stream.write(all.subarray(0, cut)); stream.end(all.subarray(cut));`,
    );
    const edge = 16 * 1024;
    const get = (size: number, cut: number) => api.raw(`/?size=${size}&cut=${cut}`);
    expect((await get(edge, edge - 4)).body.toString()).toBe('body');
    expect((await get(edge + 1, edge)).status).toBe(500);
    await check(
      asyncProperty(integer({ min: 10, max: edge }), integer({ min: 0, max: edge }), async (size, cut) => {
        const { status, body } = await get(size, cut);
        expect([status, body.toString()]).toEqual([200, 'body']);
      }),
      { numRuns: 20 },
    );
  });

  test('of what is not in the format is a 500', async () => {
    const zeros = `'\\0'.repeat(8)`;
    const api = await streamingApi(
      bed,
      `const bodies = {
         plain: 'no head', json: '{"statusCode":200}', short: '{}\\0\\0\\0', broken: '{' + ${zeros}, list: '[]' + ${zeros},
         unknown: '{"body":"x"}' + ${zeros}, status: '{"statusCode":"many"}' + ${zeros}, name: '{"headers":{"a b":"c"}}' + ${zeros},
         several: '{"headers":{"a":["b"]}}' + ${zeros}, cookie: '{"cookies":"a=1"}' + ${zeros}, long: 'x'.repeat(20000) + ${zeros},
       };
       const { how } = event.queryStringParameters;
       if (how === 'throws') throw new Error('before the head');
       stream.end(bodies[how] ?? '');`,
    );
    const hows = 'plain json short broken list unknown status name several cookie long throws empty'.split(
      ' ',
    );
    for (const how of hows) expect([how, await said(await api.fetch(`/?how=${how}`))]).toEqual([how, FAILED]);
    const buffered = await bed.newApi();
    const echo = await bed.newFunction(
      'echo',
      `exports.handler = async () => ({ statusCode: 200, body: 'x' });`,
    );
    await buffered.method('GET', '/', streamOf(echo));
    const closed = await bed.newFunction(
      'closed',
      handler(`answer({}); stream.write('x'); stream.end();`),
      false,
    );
    await buffered.method('GET', '/closed', streamOf(closed));
    await buffered.deploy();
    expect(await said(await buffered.fetch('/'))).toEqual(FAILED);
    expect(await said(await buffered.fetch('/closed'))).toEqual(FAILED);
    await bed.permit('closed');
    expect(await said(await buffered.fetch('/closed'))).toEqual({ status: 200, body: 'x' });
  });

  test('breaks off with the function', async () => {
    const api = await streamingApi(
      bed,
      `answer({}); stream.write('half'); ${gate.pass('break')}; throw new TypeError('no good');`,
    );
    const response = await api.fetch('/');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('half');
    gate.open('break');
    await expect(reader.read()).rejects.toThrow('terminated');
  });

  /** "Streamed responses are not interrupted or stopped when the invoking client connection is broken." */
  test('lets the function go on when the caller leaves', async () => {
    const api = await streamingApi(
      bed,
      `answer({}); stream.write('one'); ${gate.pass('left')}; stream.write('two'); stream.end(); ${gate.pass('after')};`,
    );
    const after = gate.arrival('after');
    const ended = requestSeen(bed, api);
    const leaving = new AbortController();
    const response = await fetch(api.url('/'), { signal: leaving.signal });
    const reader = response.body!.getReader();
    expect((await reader.read()).done).toBe(false);
    leaving.abort();
    await ended;
    gate.open('left');
    await after;
    gate.open('after');
  });
});

describe('what is seen of a stream', () => {
  const FORMAT = [
    'status',
    'responseLength',
    'integration.responseTransferMode',
    'integration.integrationStatus',
    'integration.timeToAllHeaders',
    'integration.timeToFirstContent',
    'integration.latency',
    'integration.error',
    'requestId',
  ]
    .map((name) => `$context.${name}`)
    .join('|');

  /** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-streaming-troubleshoot.html */
  test('is in the access log when it has ended, as far as it came', async () => {
    await setLogRole(bed, await newLogRole(bed));
    await bed.cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'access' }));
    const api = await streamingApi(
      bed,
      `answer({ statusCode: 202 }); stream.write('half'); if (event.queryStringParameters) throw new Error('no'); stream.end();`,
    );
    const echo = await bed.newFunction(
      'buffered',
      `exports.handler = async () => ({ statusCode: 200, body: 'x' });`,
    );
    await api.method('GET', '/buffered', proxyTo(echo));
    await api.deploy();
    await set(api, {
      '/accessLogSettings/destinationArn': 'arn:aws:logs:us-east-1:000000000000:log-group:access',
      '/accessLogSettings/format': FORMAT,
    });
    const events: Awaited<ReturnType<typeof requestSeen>>[] = [];
    for (const path of ['/', '/?fail=1', '/buffered']) {
      const seen = requestSeen(bed, api);
      await api
        .fetch(path)
        .then((response) => response.text())
        .catch(() => {});
      events.push(await seen);
    }
    const lines = (await linesOf(bed, 'access')).map((line) => line.split('|'));
    const [whole = [], broken = [], buffered = []] = events.map(({ requestId }) =>
      lines.find((line) => line.at(-1) === requestId),
    );
    expect(whole.slice(0, 4)).toEqual(['202', '4', 'STREAMED', '200']);
    const [all = 0, first = 0, latency = 0] = whole.slice(4, 7).map(Number);
    expect(all).toBeLessThanOrEqual(first);
    expect(first).toBeLessThanOrEqual(latency);
    expect(whole[7]).toBe('-');
    expect(broken.slice(0, 3)).toEqual(['202', '4', 'STREAMED']);
    expect(broken[7]).toContain('"errorMessage":"no"');
    expect(buffered.slice(0, 6)).toEqual(['200', '1', 'BUFFERED', '200', '-', '-']);
    expect(events[0]).toMatchObject({ status: 202, answered: 'integrate' });
    expect(events[0]?.steps?.map(([name]) => name)).toContain('throttle');
  });

  test('a test of the method shows it at once, without a log, and no more than 1 MB', async () => {
    const api = await bed.newApi();
    const functionArn = await bed.newFunction(
      'tested',
      handler(`answer({ statusCode: 203 }); stream.write('a'); stream.end('b');`),
    );
    const where = await api.method('GET', '/', streamOf(functionArn));
    const endless = await bed.newFunction(
      'endless',
      handler(`answer({}); stream.write('x'.repeat(1024 * 1024 + 1)); ${gate.pass('never')};`),
    );
    const long = await api.method('GET', '/endless', streamOf(endless));
    const shown = await bed.api.send(new TestInvokeMethodCommand(where));
    expect([shown.status, shown.body, shown.log]).toEqual([203, 'ab', undefined]);
    expect((await bed.api.send(new TestInvokeMethodCommand(long))).body?.length).toBeGreaterThan(1024 * 1024);
  });
});

test('a streaming function behind a buffered method gives its head, and no body', async () => {
  const api = await bed.newApi();
  const functionArn = await bed.newFunction(
    'lost',
    handler(`answer({ statusCode: 418, headers: { 'X-A': 'b' } }); stream.write('lost'); stream.end();`),
  );
  await api.method('GET', '/', proxyTo(functionArn));
  await api.deploy();
  const response = await api.fetch('/');
  expect([response.status, response.headers.get('x-a'), await response.text()]).toEqual([418, 'b', '']);
});
