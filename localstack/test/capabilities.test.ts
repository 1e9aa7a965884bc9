import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { capabilitiesOf } from '../src/capabilities';
import { missingOn } from '../src/missing';
import info from './fixtures/community-4.14.0.info.json';
import resourceTypes from './fixtures/community-4.14.0.resource-types.json';

let server: Server | undefined;
afterEach(() => server?.close());

/** A server that answers these paths with JSON, and nothing else. */
async function answering(answers: Record<string, unknown>): Promise<string> {
  server = createServer((req, res) => {
    const answer = answers[req.url ?? ''];
    if (answer === undefined) res.writeHead(404).end('<html>');
    else res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const INFO = '/_localstack/info';
const TYPES = '/_localstack/tierkit/resource-types';

test('the community’s edition has what its hook says', async () => {
  const found = await capabilitiesOf(await answering({ [INFO]: info, [TYPES]: resourceTypes }));
  expect(found).toMatchObject({ version: '4.14.0', edition: 'community', paid: false });
  const asked = [
    'AWS::Lambda::Function',
    'AWS::RDS::DBInstance',
    'AWS::ApiGateway::Authorizer',
    'Custom::Any',
  ];
  expect(asked.map(found.has)).toEqual([true, false, false, false]);
  expect(missingOn(found).map(({ capability }) => capability)).toEqual(
    expect.arrayContaining(['authorizers', 'iam', 'aws-endpoints', 'throttling', 'response-cache']),
  );
});

test('a paid edition has everything, whether the hook is there or not', async () => {
  const pro = { ...info, version: '2026.3.0', edition: 'pro', is_license_activated: true };
  const found = await capabilitiesOf(await answering({ [INFO]: pro }));
  expect(found).toMatchObject({ version: '2026.3.0', edition: 'pro', paid: true });
  expect(found.has('AWS::RDS::DBInstance')).toBe(true);
  expect(missingOn(found)).toEqual([]);
});

test('one without the hook is refused with what to do', async () => {
  const endpoint = await answering({ [INFO]: info });
  await expect(capabilitiesOf(endpoint)).rejects.toThrow('mount localstack/init at /etc/localstack/init');
});

test('what is no LocalStack, or is not there, is said so', async () => {
  const endpoint = await answering({});
  await expect(capabilitiesOf(endpoint)).rejects.toThrow(`${endpoint} is no LocalStack`);
  server?.close();
  await expect(capabilitiesOf('http://127.0.0.1:9')).rejects.toThrow(
    'LocalStack does not answer at http://127.0.0.1:9',
  );
});
