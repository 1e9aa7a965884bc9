import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type EndpointType, UpdateIntegrationCommand } from '@aws-sdk/client-api-gateway';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { ManualClock } from '../../src/kernel';
import { proxyTo } from '../apigateway/support';
import { Gate } from '../lambda/gate';
import { Bed, handler, requestSeen, streamOf } from './streaming-bed';

let bed: Bed;
let gate: Gate;
const clock = new ManualClock();
const MINUTE = 60_000;

beforeAll(async () => {
  bed = await Bed.start({ clock });
  gate = await Gate.start();
});
afterAll(async () => {
  await bed.stop();
  gate.stop();
});

/** A streaming function that may run for as long as there is. */
async function patient(name: string, body: string): Promise<string> {
  const functionArn = await bed.newFunction(name, handler(body));
  await bed.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Timeout: 900 }));
  return functionArn;
}

const newApi = (type: EndpointType = 'REGIONAL') => bed.newApi({ endpointConfiguration: { types: [type] } });

async function first(response: Response) {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe('first');
  return reader;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html#response-transfer-mode-considerations */
describe('a stream', () => {
  test('ends with the integration’s timeout, which may be 15 minutes', async () => {
    const api = await newApi();
    const functionArn = await patient(
      'ticking',
      `answer({}); stream.write('first'); for (let i = 1; ; i++) { ${gate.pass("'+i+'")}; stream.write('' + i); }`,
    );
    await api.method('GET', '/', streamOf(functionArn, { timeoutInMillis: 15 * MINUTE }));
    await expect(
      (await bed.newApi()).method(
        'GET',
        '/more',
        streamOf(functionArn, { timeoutInMillis: 15 * MINUTE + 1 }),
      ),
    ).rejects.toThrow(/Timeout should be between 50 ms and 900000 ms/);
    await api.deploy();
    const reader = await first(await api.fetch('/'));
    // Never quiet for five minutes.
    for (let i = 1; i < 4; i++) {
      clock.advance(4 * MINUTE);
      gate.open(String(i));
      expect((await reader.read()).value).toBe(String(i));
    }
    const seen = requestSeen(bed, api);
    clock.advance(3 * MINUTE - 1);
    gate.open('4');
    expect((await reader.read()).value).toBe('4');
    clock.advance(1);
    await expect(reader.read()).rejects.toThrow('terminated');
    expect((await seen).millis).toBe(15 * MINUTE);
  });

  test.each<[EndpointType, string, number]>([
    ['REGIONAL', 'five minutes', 5 * MINUTE],
    ['EDGE', '30 seconds', MINUTE / 2],
  ])('of a %s API ends when nothing comes for %s', async (type, _name, pause) => {
    const api = await newApi(type);
    const quiet = await patient(
      `quiet-${type}`,
      `answer({}); stream.write('first'); ${gate.pass(`quiet-${type}`)};`,
    );
    await api.method('GET', '/', streamOf(quiet, { timeoutInMillis: 15 * MINUTE }));
    const mute = await patient(`mute-${type}`, gate.pass(`mute-${type}`));
    await api.method('GET', '/mute', streamOf(mute, { timeoutInMillis: 15 * MINUTE }));
    await api.deploy();
    const reader = await first(await api.fetch('/'));
    clock.advance(pause - 1);
    const next = reader.read();
    clock.advance(1);
    await expect(next).rejects.toThrow('terminated');
    const arrived = gate.arrival(`mute-${type}`);
    const asked = api.fetch('/mute');
    await arrived;
    clock.advance(pause);
    const response = await asked;
    expect([response.status, await response.text()]).toEqual([
      504,
      '{"message": "Endpoint request timed out"}',
    ]);
  });

  test('that has not begun in time is a 504', async () => {
    const api = await newApi();
    const slow = await patient(
      'slow',
      `${gate.pass('slow')}; answer({}); stream.write('late'); stream.end();`,
    );
    await api.method('GET', '/', streamOf(slow, { timeoutInMillis: 1000 }));
    await api.deploy();
    const arrived = gate.arrival('slow');
    const asked = api.fetch('/');
    await arrived;
    clock.advance(1000);
    expect((await asked).status).toBe(504);
    gate.open('slow');
  });

  test('of an HTTP endpoint has the same limits', async () => {
    const backend = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('first');
    });
    await new Promise<void>((done) => backend.listen(0, '127.0.0.1', done));
    const api = await bed.newApi();
    await api.method('GET', '/', {
      type: 'HTTP_PROXY',
      integrationHttpMethod: 'GET',
      uri: `http://127.0.0.1:${(backend.address() as AddressInfo).port}/`,
      responseTransferMode: 'STREAM',
    });
    await api.deploy();
    const reader = await first(await api.fetch('/'));
    clock.advance(29_000);
    await expect(reader.read()).rejects.toThrow('terminated');
    backend.closeAllConnections();
    backend.close();
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html: what API Gateway supports */
test('a method that streams invokes its function by another operation', async () => {
  const refused = await bed.newApi();
  const api = await bed.newApi();
  const functionArn = await patient('either', `answer({}); stream.write('first'); stream.end();`);
  const stream = streamOf(functionArn);
  const buffered = proxyTo(functionArn);
  const wrong = /must invoke their function by 2021-11-15/;
  await expect(refused.method('GET', '/a', { ...buffered, responseTransferMode: 'STREAM' })).rejects.toThrow(
    wrong,
  );
  await expect(refused.method('GET', '/b', { ...stream, responseTransferMode: 'BUFFERED' })).rejects.toThrow(
    wrong,
  );
  await expect(
    refused.method('GET', '/c', { ...stream, type: 'AWS', responseTransferMode: undefined }),
  ).rejects.toThrow(wrong);
  const where = await api.method('GET', '/', buffered);
  const patch = (...patches: [path: string, value: string][]) =>
    bed.api.send(
      new UpdateIntegrationCommand({
        ...where,
        patchOperations: patches.map(([path, value]) => ({ op: 'replace', path, value })),
      }),
    );
  await expect(patch(['/responseTransferMode', 'STREAM'])).rejects.toThrow(wrong);
  await expect(patch(['/uri', stream.uri!])).rejects.toThrow(wrong);
  const patched = await patch(['/responseTransferMode', 'STREAM'], ['/uri', stream.uri!]);
  expect([patched.uri, patched.responseTransferMode]).toEqual([stream.uri, 'STREAM']);
  await api.deploy();
  await first(await api.fetch('/'));
});
