import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  InvokeWithResponseStreamCommand,
  type InvokeWithResponseStreamCommandInput,
  type InvokeWithResponseStreamCompleteEvent,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { array, asyncProperty, assert as check, string } from 'fast-check';
import { startCloud, type TestCloud } from '../../src/testing';
import { Gate } from './gate';
import { Lambda, lambdaRole } from './support';

let cloud: TestCloud;
let lambda: Lambda;
let gate: Gate;
let count = 0;

beforeAll(async () => {
  cloud = await startCloud();
  lambda = new Lambda(cloud, await lambdaRole(cloud));
  gate = await Gate.start();
});
afterAll(async () => {
  await cloud.stop();
  gate.stop();
});

/** A streaming function out of the body of its handler. */
async function streaming(body: string, more: { Timeout?: number } = {}): Promise<string> {
  const name = `stream-${++count}`;
  await lambda.create(
    name,
    `let calls = 0; exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { calls++; ${body} });`,
    more,
  );
  return name;
}

async function plain(code: string): Promise<string> {
  const name = `plain-${++count}`;
  await lambda.create(name, code);
  return name;
}

const open = (name: string, event: unknown = {}, more: Partial<InvokeWithResponseStreamCommandInput> = {}) =>
  lambda.client.send(
    new InvokeWithResponseStreamCommand({ FunctionName: name, Payload: JSON.stringify(event), ...more }),
  );

/** The whole response, and how it ended. */
async function all(name: string, event: unknown = {}) {
  const { EventStream = [] } = await open(name, event, { LogType: 'Tail' });
  const chunks: Uint8Array[] = [];
  let complete: InvokeWithResponseStreamCompleteEvent | undefined;
  for await (const part of EventStream) {
    expect(complete).toBeUndefined();
    if (part.PayloadChunk) chunks.push(part.PayloadChunk.Payload ?? new Uint8Array());
    complete = part.InvokeComplete;
  }
  const { ErrorCode, ErrorDetails, LogResult = '' } = complete ?? {};
  const bytes = Buffer.concat(chunks);
  return {
    bytes,
    text: bytes.toString(),
    code: ErrorCode,
    details: ErrorDetails ? JSON.parse(ErrorDetails) : undefined,
    log: Buffer.from(LogResult, 'base64').toString(),
  };
}

const text = (part: { PayloadChunk?: { Payload?: Uint8Array } } | undefined) =>
  Buffer.from(part?.PayloadChunk?.Payload ?? []).toString();

/** https://docs.aws.amazon.com/lambda/latest/api/API_InvokeWithResponseStream.html */
describe('InvokeWithResponseStream', () => {
  test('brings what the function writes while it goes on', async () => {
    const name = await streaming(
      `stream.write('one'); ${gate.pass('two')}; console.log('two'); stream.end('two');`,
    );
    const { $metadata, StatusCode, ExecutedVersion, EventStream, ResponseStreamContentType } = await open(
      name,
      {},
      { LogType: 'Tail' },
    );
    expect([$metadata.httpStatusCode, StatusCode, ExecutedVersion]).toEqual([200, 200, '$LATEST']);
    expect(ResponseStreamContentType).toBe('application/vnd.amazon.eventstream');
    const parts = EventStream![Symbol.asyncIterator]();
    expect(text((await parts.next()).value)).toBe('one');
    gate.open('two');
    expect(text((await parts.next()).value)).toBe('two');
    const { InvokeComplete } = (await parts.next()).value ?? {};
    expect(Object.keys(InvokeComplete ?? {})).toEqual(['LogResult']);
    const log = Buffer.from(InvokeComplete?.LogResult ?? '', 'base64').toString();
    expect(log).toMatch(/^START .*\n.*\tINFO\ttwo\nEND .*\nREPORT /s);
    expect((await parts.next()).done).toBe(true);
  });

  test('ends with the stream, while the handler goes on', async () => {
    const name = await streaming(
      `stream.end('done ' + calls); if (calls === 1) ${gate.pass('outlive')}; console.log('late');`,
    );
    const { EventStream = [] } = await open(name);
    const parts: string[] = [];
    for await (const part of EventStream) parts.push(part.InvokeComplete ? 'complete' : text(part));
    expect(parts).toEqual(['done 1', 'complete']);
    gate.open('outlive');
    expect((await all(name)).log).toContain('late');
  });

  test('has the bytes in their order, however they were cut', async () => {
    const name = await streaming(
      'for (const piece of event.pieces) stream.write(Buffer.from(piece)); stream.end();',
    );
    await check(
      asyncProperty(array(string({ unit: 'binary' }), { minLength: 1 }), async (pieces) => {
        const { text, code } = await all(name, { pieces });
        expect([text, code]).toEqual([pieces.join(''), undefined]);
      }),
      { numRuns: 30 },
    );
  });

  test('tells an error behind what was written, and the environment goes on', async () => {
    const name = await streaming(
      `stream.write('half ' + calls); if (event.fail) throw new TypeError('no good'); stream.end();`,
    );
    const failed = await all(name, { fail: true });
    expect(failed).toMatchObject({
      text: 'half 1',
      code: 'TypeError',
      details: { errorType: 'TypeError', errorMessage: 'no good', trace: expect.any(Array) },
    });
    expect(failed.log).toContain('\tERROR\tInvoke Error \t{"errorType":"TypeError"');
    expect(await all(name)).toMatchObject({ text: 'half 2', code: undefined });
  });

  test('tells an error before anything was written', async () => {
    const throws = await streaming(`throw new RangeError('early');`);
    expect(await all(throws)).toMatchObject({
      text: '',
      code: 'RangeError',
      details: { errorMessage: 'early' },
    });
    const sync = await plain(
      `exports.handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });`,
    );
    expect((await all(sync)).log).toContain('Streaming does not support non-async handlers.');
    const broken = await plain(`throw new Error('in init');`);
    expect(await all(broken)).toMatchObject({ text: '', details: { errorMessage: 'in init' } });
  });

  test('of a function that does not stream has the whole payload at once', async () => {
    const name = await plain(
      `exports.handler = async (event) => { if (event.fail) throw new Error('no'); return { got: event }; };`,
    );
    expect(await all(name, { a: 1 })).toMatchObject({ text: '{"got":{"a":1}}', code: undefined });
    expect(await all(name, { fail: true })).toMatchObject({
      text: '',
      code: 'Error',
      details: { errorType: 'Error', errorMessage: 'no' },
    });
  });

  test('is cut where the function ends in the middle', async () => {
    const timeout = await streaming(`stream.write('so far');`, { Timeout: 1 });
    const late = await all(timeout);
    expect(late).toMatchObject({ text: 'so far', code: 'Sandbox.Timedout' });
    expect(late.details.errorMessage).toMatch(/Task timed out after 1.00 seconds$/);
    expect(late.log).toContain('Task timed out');
    const exits = await streaming(`stream.write('so far', () => process.exit(3)); ${gate.pass('never')};`);
    expect(await all(exits)).toMatchObject({ text: 'so far', code: 'Runtime.TruncatedResponse' });
    const crashes = await streaming(
      `stream.write('so far'); setImmediate(() => { throw new Error('lost'); }); ${gate.pass('never')};`,
    );
    expect(await all(crashes)).toMatchObject({ text: 'so far', code: 'Runtime.TruncatedResponse' });
    const destroys = await streaming(
      `const { pipeline } = require('stream/promises');
       await pipeline(async function* () { yield 'so far'; throw new Error('source'); }, stream);`,
    );
    const broken = await all(destroys);
    expect(broken.code).toBe('Runtime.TruncatedResponse');
    expect(broken.log).toContain('"errorMessage":"source"');
  });

  test('is as large as it is, and waits for whoever reads it', async () => {
    const name = await streaming(
      `const { pipeline } = require('stream/promises'); const { Readable } = require('stream');
       const mb = Buffer.alloc(1024 * 1024, 'x');
       await pipeline(Readable.from((function* () { for (let i = 0; i < 24; i++) yield mb; })()), stream);`,
    );
    const { bytes, code } = await all(name);
    expect([bytes.length, code]).toEqual([24 * 1024 * 1024, undefined]);
  });

  /** https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html */
  test('goes on when its caller has left', async () => {
    const name = await streaming(
      `stream.write('one'); ${gate.pass('left')}; stream.write('two'); stream.end(); ${gate.pass('after')};`,
    );
    const after = gate.arrival('after');
    const left = new AbortController();
    const { EventStream } = await lambda.client.send(
      new InvokeWithResponseStreamCommand({ FunctionName: name }),
      { abortSignal: left.signal },
    );
    const parts = EventStream![Symbol.asyncIterator]();
    expect(text((await parts.next()).value)).toBe('one');
    left.abort();
    await parts.return?.();
    gate.open('left');
    await after;
    gate.open('after');
    const { events } = cloud.host().parts;
    expect(events.recent().filter((event) => event.type === 'engine' && event.level === 'error')).toEqual([]);
  });

  test('refuses what Invoke refuses', async () => {
    const name = await streaming('stream.end();');
    expect((await open(name, {}, { InvocationType: 'DryRun' })).StatusCode).toBe(204);
    await expect(open('nobody')).rejects.toThrow(/Function not found/);
    await expect(open(name, {}, { Payload: '{' })).rejects.toThrow(/Could not parse/);
    await expect(open(name, {}, { TenantId: 't' })).rejects.toThrow(/TenantId/);
    await lambda.client.send(
      new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }),
    );
    const once = cloud.client(LambdaClient, { maxAttempts: 1 });
    await expect(once.send(new InvokeWithResponseStreamCommand({ FunctionName: name }))).rejects.toThrow(
      'Rate Exceeded.',
    );
  });

  test('takes the permission to invoke', async () => {
    const name = await streaming(`stream.end('in');`);
    const iam = cloud.client(IAMClient);
    await iam.send(new CreateUserCommand({ UserName: 'reader' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'reader' }));
    const credentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    };
    const reader = cloud.client(LambdaClient, { credentials });
    const command = new InvokeWithResponseStreamCommand({ FunctionName: name });
    await expect(reader.send(command)).rejects.toThrow(/not authorized to perform: lambda:InvokeFunction/);
    await iam.send(
      new PutUserPolicyCommand({
        UserName: 'reader',
        PolicyName: 'invoke',
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: '*' }],
        }),
      }),
    );
    expect((await reader.send(command)).StatusCode).toBe(200);
  });
});

describe('Invoke of a streaming function', () => {
  test('gives the response once it is whole', async () => {
    const name = await streaming(`stream.write('{"a":'); stream.end('1}'); return 'ignored';`);
    const { value, FunctionError, log } = await lambda.invoke(name);
    expect([value, FunctionError]).toEqual([{ a: 1 }, undefined]);
    const fails = await streaming(`stream.write('half'); throw new Error('no');`);
    expect(await lambda.invoke(fails)).toMatchObject({
      FunctionError: 'Unhandled',
      value: { errorType: 'Error', errorMessage: 'no' },
    });
    expect(log).toContain('START ');
  });

  test('gives 6 MB at most', async () => {
    const name = await streaming(`stream.end('1'.repeat(6291557));`);
    expect(await lambda.invoke(name)).toMatchObject({
      FunctionError: 'Unhandled',
      value: { errorType: 'Function.ResponseSizeTooLarge' },
    });
    expect((await all(name)).bytes.length).toBe(6291557);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/config-rs-write-functions.html */
describe('awslambda', () => {
  test('writes the head of an HTTP response before the first piece of its body', async () => {
    const from = `stream = awslambda.HttpResponseStream.from(stream, { statusCode: 201 });`;
    const written = await streaming(`${from} stream.write(''); stream.end('body');`);
    expect((await all(written)).text).toBe(`{"statusCode":201}${'\0'.repeat(8)}body`);
    // The runtime's own behaviour: `end` writes no head.
    const ended = await streaming(`${from} stream.end('body');`);
    expect((await all(ended)).text).toBe('body');
  });

  test('takes a content type before the first piece only, and objects as JSON', async () => {
    const name = await streaming(
      `stream.setContentType('text/plain'); stream.write({ a: 1 });
       try { stream.setContentType('text/html'); } catch (error) { stream.end(error.name + ': ' + error.message); }`,
    );
    expect((await all(name)).text).toBe(
      '{"a":1}Runtime.InvalidStreamingOperation: Cannot set content-type, too late.',
    );
  });
});
