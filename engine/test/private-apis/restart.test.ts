import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { startCloud } from '../../src/testing';
import { proxyTo } from '../apigateway/support';
import { allow, PrivateBed, urlOf } from './bed';

test('a private API is reached after a restart, whose ports are others', async () => {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'private-api-'));
  const beds = await PrivateBed.start({ stateDirectory });
  const network = await beds.network('10.7.0.0/24');
  await beds.endpoint(network);
  const types = ['PRIVATE' as const];
  const input = { endpointConfiguration: { types }, policy: JSON.stringify(allow()) };
  const api = await beds.bed.newApi(input);
  const says = await beds.bed.newFunction('says', 'exports.handler = async () => ({ statusCode: 200 });');
  await api.method('GET', '/', proxyTo(says));
  await api.deploy();
  await beds.caller('inside', network);
  await beds.stop();
  const second = await startCloud({ stateDirectory });
  const Payload = Buffer.from(JSON.stringify({ url: urlOf(api) }));
  const invoke = new InvokeCommand({ FunctionName: 'inside', Payload });
  const answer = await second.client(LambdaClient).send(invoke);
  expect(JSON.parse(Buffer.from(answer.Payload ?? []).toString())).toMatchObject({ status: 200 });
  await second.stop();
  await rm(stateDirectory, { recursive: true });
}, 60_000);
