import { request } from 'node:http';
import type { InvocationHead } from '../../src/functions/channel';
import { RuntimeApi } from '../../src/functions/containers/runtime-api';

const BASE = '2018-06-01/runtime';
const head = { requestId: 'id-1', invokedFunctionArn: 'arn:f', traceId: 'Root=1', timeout: 3000 };

/** One environment's API, and what it was told. */
async function open() {
  const said: unknown[] = [];
  const chunks = new Chunks();
  let ended: () => void = () => {};
  const streamed = new Promise<void>((done) => {
    ended = done;
  });
  let asked: () => void = () => {};
  const api = new RuntimeApi({
    waiting: () => asked(),
    chunk: (bytes) => chunks.push(bytes.toString()),
    posted: ({ kind, body, tooLarge, streamed, errorType }) => {
      said.push([kind, body.toString(), ...(tooLarge ? [tooLarge] : []), ...(errorType ? [errorType] : [])]);
      if (streamed) ended();
    },
  });
  await api.listen('127.0.0.1', '127.0.0.1');
  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://${api.address}/${path}`, init);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  /** The next invocation, which is given once the environment waits for one. */
  const next = async (invocation: InvocationHead, payload: string) => {
    const waiting = new Promise<void>((done) => {
      asked = done;
    });
    const answer = call(`${BASE}/invocation/next`);
    await waiting;
    api.give(invocation, Buffer.from(payload));
    return answer;
  };
  return { api, said, chunks, streamed, call, next };
}

/** What came so far, for whoever waits for it. */
class Chunks {
  #text = '';
  #waiting: (() => void)[] = [];

  push(text: string): void {
    this.#text += text;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async until(text: string): Promise<void> {
    while (this.#text !== text) await new Promise<void>((wake) => this.#waiting.push(wake));
  }
}

/** As Lambda's own runtimes open a streamed response. */
function openResponse(address: string) {
  const outgoing = request(`http://${address}/${BASE}/invocation/id-1/response`, {
    method: 'POST',
    headers: {
      'Lambda-Runtime-Function-Response-Mode': 'streaming',
      'Transfer-Encoding': 'chunked',
      Trailer: 'Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body',
    },
  });
  const answered = new Promise<number>((done, failed) => {
    outgoing.once('response', (response) => {
      response.resume();
      done(response.statusCode ?? 0);
    });
    outgoing.once('error', failed);
  });
  return { outgoing, answered };
}

test('an invocation is asked for, given and answered', async () => {
  const { api, said, call, next } = await open();
  const { body, headers } = await next({ ...head, clientContext: '{"a":1}' }, '{"b":2}');
  expect(body).toBe('{"b":2}');
  expect(headers.get('lambda-runtime-aws-request-id')).toBe('id-1');
  expect(headers.get('lambda-runtime-invoked-function-arn')).toBe('arn:f');
  expect(headers.get('lambda-runtime-client-context')).toBe('{"a":1}');
  expect(Number(headers.get('lambda-runtime-deadline-ms'))).toBeGreaterThan(Date.now());
  const post = (path: string, content: string) => call(path, { method: 'POST', body: content });
  expect((await post(`${BASE}/invocation/other/response`, '1')).body).toContain('InvalidRequestID');
  expect((await post(`${BASE}/init/error`, '{}')).status).toBe(403);
  expect((await post(`${BASE}/invocation/id-1/response`, '"done"')).status).toBe(202);
  expect((await post(`${BASE}/invocation/id-1/error`, '{}')).body).toContain('InvalidStateTransition');
  expect(said).toEqual([['response', '"done"']]);
  api.close();
});

test('answers that are too large are told so', async () => {
  const { api, said, call, next } = await open();
  await next(head, '{}');
  const large = await call(`${BASE}/invocation/id-1/response`, {
    method: 'POST',
    body: 'x'.repeat(6_291_557),
  });
  expect(large).toMatchObject({ status: 413, body: expect.stringContaining('RequestEntityTooLarge') });
  expect(said).toEqual([['response', '', 6_291_557]]);
  api.close();
});

test('an init phase fails, and others are refused', async () => {
  const { api, said, call } = await open();
  const error = '{"errorType":"E","errorMessage":"no"}';
  expect((await call(`${BASE}/init/error`, { method: 'POST', body: error })).status).toBe(202);
  expect(said).toEqual([['init-error', error]]);
  expect((await call('2020-01-01/extension/register', { method: 'POST' })).status).toBe(404);
  expect((await call(`${BASE}/invocation/next`, { headers: { Origin: 'http://evil.example' } })).status).toBe(
    403,
  );
  const [, port] = api.address.split(':');
  expect((await fetch(`http://localhost:${port}/${BASE}/invocation/next`)).status).toBe(403);
  api.close();
});

/** https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming */
describe('a streamed response', () => {
  test('is handed on while it is written', async () => {
    const { api, said, chunks, streamed, next } = await open();
    await next(head, '{}');
    const { outgoing, answered } = openResponse(api.address);
    outgoing.write('one ');
    await chunks.until('one ');
    outgoing.end('two');
    await chunks.until('one two');
    expect(await answered).toBe(202);
    await streamed;
    expect(said).toEqual([['response', '']]);
    api.close();
  });

  test('waits while nobody takes it', async () => {
    const { api, chunks, streamed, next } = await open();
    await next(head, '{}');
    const { outgoing } = openResponse(api.address);
    outgoing.write('one');
    await chunks.until('one');
    api.pause();
    // More than sockets hold.
    const more = 'x'.repeat(16 * 1024 * 1024);
    expect(outgoing.write(more)).toBe(false);
    api.resume();
    await chunks.until(`one${more}`);
    outgoing.end();
    await streamed;
    api.close();
  });

  test('says in its trailers why it breaks off', async () => {
    const { api, said, streamed, next } = await open();
    await next(head, '{}');
    const { outgoing, answered } = openResponse(api.address);
    outgoing.write('half');
    const error = '{"errorType":"TypeError","errorMessage":"no"}';
    outgoing.addTrailers({
      'Lambda-Runtime-Function-Error-Type': 'TypeError',
      'Lambda-Runtime-Function-Error-Body': Buffer.from(error).toString('base64'),
    });
    outgoing.end();
    await answered;
    await streamed;
    expect(said).toEqual([['error', error, 'TypeError']]);
    api.close();
  });

  test('that breaks off without a word is truncated', async () => {
    const { api, said, chunks, streamed, next } = await open();
    await next(head, '{}');
    const { outgoing, answered } = openResponse(api.address);
    outgoing.write('half');
    await chunks.until('half');
    outgoing.destroy(new Error('gone'));
    await expect(answered).rejects.toThrow('gone');
    await streamed;
    expect(said).toEqual([['error', '', 'Runtime.TruncatedResponse']]);
    api.close();
  });
});
