import { Agent, request } from 'node:http';
import fc from 'fast-check';
import type { EngineEvent } from '../../src/observe';
import { loadModel, type ServiceModel } from '../../src/protocols';
import { isServiceName, services } from '../../src/services/registry';
import { scratch, startEngine, tierkit } from '../cli/command';
import { LoopClient } from '../protocols/clients';
import { Random, structureOf } from '../protocols/random';
import { signedHeaders } from '../support/signed';

jest.setTimeout(60_000);

/** An engine of its own process, as a user runs it: there an unhandled rejection is a crash. */
const folder = scratch();
let engine: Awaited<ReturnType<typeof startEngine>>;
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

beforeAll(async () => {
  engine = await startEngine(folder.path, '--ephemeral');
});
afterAll(async () => {
  agent.destroy();
  await tierkit(['down', '--state', folder.path]);
  folder.remove();
});

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array | string | undefined;
  /** The service it is signed for: then it gets past the door. */
  signed?: string | undefined;
}

interface Answer {
  status: number;
  text: string;
}

/** Undefined where Node's client refuses to send such a thing. */
function send(sent: Sent): Promise<Answer | undefined> {
  const { method, path, body } = sent;
  return new Promise((resolve, reject) => {
    const { host, ...rest } = headersOf(sent);
    let outgoing: ReturnType<typeof request>;
    try {
      outgoing = request({
        host: '127.0.0.1',
        port: engine.port,
        method,
        path,
        headers: { ...rest, ...(host === undefined ? {} : { host }) },
        agent,
      });
    } catch {
      return resolve(undefined);
    }
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('latin1');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function headersOf({ method, path, headers, body, signed }: Sent): Record<string, string> {
  if (signed === undefined) return headers;
  const named = { host: `127.0.0.1:${engine.port}`, ...headers };
  const told = headers['x-amz-content-sha256'];
  return signedHeaders(
    { method, url: path, headers: named, body: body ?? '' },
    { service: signed, ...(told === undefined ? {} : { payloadHash: told }) },
  );
}

async function errors(): Promise<string[]> {
  const response = await fetch(`${engine.endpoint}/_tierkit/logs`);
  const events = (await response.text())
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EngineEvent);
  return events.flatMap((event) =>
    event.type === 'engine' && event.level === 'error' ? [event.message] : [],
  );
}

/** What no request may ever bring about; says of the engine's log what it knows. */
async function expectRefusedWell(sent: Sent, answer: Answer | undefined): Promise<void> {
  if (!answer) return;
  if (answer.status !== 500 && !/\n\s+at .*:\d+:\d+/.test(answer.text)) return;
  throw new Error(
    `${JSON.stringify(sent)} was answered ${answer.status} ${answer.text.slice(0, 500)}\n${(await errors()).at(-1)}`,
  );
}

const names = Object.keys(services).filter(isServiceName);
const models = new Map<string, ServiceModel>(names.map((name) => [name, loadModel(name)]));

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', '/', '..', '%', '%zz', '%00', '\0', '{}', '[]', 'null', '__proto__', 'constructor'),
);
const host = fc.constantFrom(
  '127.0.0.1:4566',
  'localhost',
  's3.amazonaws.com',
  'bucket.s3.us-east-1.amazonaws.com',
  '.s3.amazonaws.com',
  'dynamodb.us-east-1.amazonaws.com',
  'abc123.execute-api.us-east-1.amazonaws.com',
  'd111111abcdef8.cloudfront.net',
  'cloudformation-custom-resource-response-useast1.s3.us-east-1.amazonaws.com',
  'nobody.us-east-1.amazonaws.com',
  'a'.repeat(300),
  '[::1',
  '',
);
const path = fc.oneof(
  fc
    .array(text, { maxLength: 5 })
    .map((parts) => `/${parts.map((part) => encodeURIComponent(Buffer.from(part).toString())).join('/')}`),
  fc.constantFrom(
    '/',
    '//',
    '/%',
    '/%E0%A4%A',
    '/restapis/a/b/_user_request_/c',
    '/2015-03-31/functions/x/invocations',
    '/_tierkit/nothing',
    '/_localstack/',
    '/2020-05-31/distribution',
    '/../../etc/passwd',
    '/bucket/key?uploads&uploadId=%',
    '/?Action=ListUsers&Version=2010-05-08',
    '*',
  ),
);
const target = fc.oneof(
  text,
  fc
    .constantFrom(...[...models.values()].filter((model) => model.json.targetPrefix))
    .chain((model) =>
      fc.constantFrom(...model.operationNames).map((operation) => `${model.json.targetPrefix}.${operation}`),
    ),
);
const headers = fc.record(
  {
    host,
    authorization: text,
    'x-amz-target': target,
    'content-type': fc.constantFrom(
      'application/json',
      'application/x-amz-json-1.0',
      'application/x-amz-json-1.1',
      'application/cbor',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/xml',
      '',
    ),
    'x-amz-content-sha256': fc.constantFrom('UNSIGNED-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x'),
    'smithy-protocol': fc.constantFrom('rpc-v2-cbor', 'x'),
    'x-amz-decoded-content-length': fc.constantFrom('0', '-1', '9', 'x'),
    'content-encoding': fc.constantFrom('gzip', 'aws-chunked', 'x'),
    range: fc.constantFrom('bytes=0-', 'bytes=-', 'x'),
    origin: text,
    'if-modified-since': text,
  },
  { requiredKeys: [] },
);
const body = fc.oneof(
  fc.constant(undefined),
  fc.uint8Array({ maxLength: 200 }),
  fc.json({ maxDepth: 4 }),
  text,
  fc.constantFrom(
    '<a>'.repeat(5000),
    '['.repeat(20_000),
    '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
    'Action=ListUsers&Version=2010-05-08',
    'Action=DescribeVpcs&Version=2016-11-15&Filter.1.Name.x=1&Filter.999999999.Value.1=2',
    'Action=__proto__&Version=2011-06-15',
    '0;chunk-signature=x\r\n\r\n',
    'ffffffffffffffff\r\n',
  ),
);
const wild = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'PROPFIND'),
  path,
  headers,
  body,
  signed: fc.option(fc.constantFrom(...names), { nil: undefined }),
});

/** What an engine once broke on. */
const ONCE: [Sent][] = [
  [
    {
      method: 'GET',
      path: '//',
      headers: { 'x-amz-target': 'AWSSecurityTokenServiceV20110615.AssumeRole' },
      body: 'x',
      signed: undefined,
    },
  ],
];

test('whatever comes, the engine refuses it in good order and goes on', async () => {
  await fc.assert(
    fc.asyncProperty(wild, async (sent) => expectRefusedWell(sent, await send(sent).catch(() => undefined))),
    { numRuns: 3000, interruptAfterTimeLimit: 8000, examples: ONCE },
  );
  expect(await errors()).toEqual([]);
  const { pid } = (await (await fetch(`${engine.endpoint}/_tierkit/status`)).json()) as { pid: number };
  expect(pid).toBe(engine.pid);
});

/** The request of the real SDK for a random input; undefined where the SDK itself refuses it. */
async function written(client: LoopClient, model: ServiceModel, operation: string, seed: string) {
  const random = new Random(`${model.service} ${operation} ${seed}`);
  const shape = model.operation(operation)?.input;
  const density = [0.1, 0.4, 0.8][random.int(3)] ?? 0.4;
  const input = shape ? structureOf(shape, shape.members, random, { ascii: true, density }) : {};
  let sent: Sent | undefined;
  client.answer = ({ method, path: to, query, headers: given, body: bytes }) => {
    const { host: _, authorization: __, ...others } = given;
    const content = bytes instanceof Uint8Array ? bytes : undefined;
    const signed = model.signingName;
    sent = { method, path: query ? `${to}?${query}` : to, headers: others, body: content, signed };
    return { status: 200, headers: {} };
  };
  await client.call(operation, input).catch(() => {});
  return sent;
}

test('every operation refuses what it cannot use as AWS does, never with an error of its own', async () => {
  for (const name of names) {
    const model = models.get(name);
    const { operations } = (await services[name]()).default;
    if (!model) continue;
    const client = new LoopClient(name);
    for (const operation of Object.keys(operations)) {
      for (const seed of ['one', 'two', 'three']) {
        const sent = await written(client, model, operation, seed);
        if (sent) await expectRefusedWell(sent, await send(sent));
      }
    }
  }
  expect(await errors()).toEqual([]);
});
