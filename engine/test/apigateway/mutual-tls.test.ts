import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:tls';
import {
  APIGatewayClient,
  CreateAuthorizerCommand,
  CreateBasePathMappingCommand,
  CreateDomainNameCommand,
  type CreateDomainNameCommandInput,
  GetDomainNameCommand,
  UpdateDomainNameCommand,
} from '@aws-sdk/client-api-gateway';
import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { custom } from '../execute-api/integrations-bed';
import { type Asked, askSecurely, CLOSED, type Identity, Issuer, rsa } from './certificates';
import { linesOf, mocked, newLogRole, set, setLogRole } from './seen-support';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mutual-tls.html
const DAY = 24 * 3600 * 1000;
const certificate = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
const NAME = 'secure.example.com';
let bed: Bed;
let s3: S3Client;
let shop: TestApi;
let root: Issuer;
let device: Identity;

const put = async (Key: string, ...issuers: (Issuer | string)[]) => {
  const Body = issuers.map((one) => (typeof one === 'string' ? one : one.identity.cert)).join('\n');
  return (await s3.send(new PutObjectCommand({ Bucket: 'trust', Key, Body }))).VersionId;
};
const create = (
  domainName: string,
  mutualTlsAuthentication: CreateDomainNameCommandInput['mutualTlsAuthentication'],
  api = bed.api,
) =>
  api.send(
    new CreateDomainNameCommand({
      domainName,
      regionalCertificateArn: certificate,
      endpointConfiguration: { types: ['REGIONAL'] },
      mutualTlsAuthentication,
    }),
  );
const map = (domainName: string) =>
  bed.api.send(new CreateBasePathMappingCommand({ domainName, restApiId: shop.id, stage: 'prod' }));
const update = (domainName: string, values: Record<string, string>, op: 'replace' | 'remove' = 'replace') =>
  bed.api.send(
    new UpdateDomainNameCommand({
      domainName,
      patchOperations: Object.entries(values).map(([path, value]) => ({
        op,
        path: `/mutualTlsAuthentication/${path}`,
        value,
      })),
    }),
  );
const ask = (client?: Identity, more: Partial<Asked> = {}) =>
  askSecurely(bed.cloud.port, { name: NAME, path: '/event', client, ...more });

beforeAll(async () => {
  bed = await Bed.start();
  s3 = bed.cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'trust' }));
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'trust', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  shop = await bed.newApi();
  const echo = 'exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) });';
  await shop.method('GET', '/event', proxyTo(await bed.newFunction('echo', echo)));
  await mocked(shop, '/mock');
  await shop.deploy('prod');
  root = await Issuer.root('C=US, O=Example, CN=Root');
  device = await root.client('C=US, O=Example\\, Inc., CN=device');
  await put('ca.pem', root);
  await create(NAME, { truststoreUri: 's3://trust/ca.pem' });
  await map(NAME);
});
afterAll(() => bed.stop());

test('a client whose certificate the truststore leads to comes in, and functions are told of it', async () => {
  const answer = await ask(device);
  expect(answer.status).toBe(200);
  const { requestContext } = JSON.parse(answer.text);
  const { clientCert } = requestContext.identity;
  expect(clientCert).toEqual({
    clientCertPem: expect.stringMatching(
      /^-----BEGIN CERTIFICATE-----\n[\s\S]*\n-----END CERTIFICATE-----\n$/,
    ),
    subjectDN: 'C=US,O=Example\\, Inc.,CN=device',
    issuerDN: 'C=US,O=Example,CN=Root',
    serialNumber: expect.stringMatching(/^(?:[0-9a-f]{2}(?::[0-9a-f]{2})+|\d+)$/),
    validity: {
      notBefore: expect.stringMatching(/^\w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/),
      notAfter: expect.stringMatching(/^\w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} GMT$/),
    },
  });
  expect(clientCert.clientCertPem.replace(/\s/g, '')).toBe(device.cert.replace(/\s/g, ''));
  const numbered = async (serialNumber: string) =>
    JSON.parse((await ask(await root.client('CN=numbered', { serialNumber }))).text).requestContext.identity
      .clientCert.serialNumber;
  expect(await numbered('01')).toBe('1');
  expect(await numbered('0a1b2c3d4e5f60718293a4b5')).toBe('0a:1b:2c:3d:4e:5f:60:71:82:93:a4:b5');
});

test('a browser finds the domain below localhost, with a certificate that the engine’s authority made', async () => {
  const { caFile, caReady } = bed.cloud.cloud.parts.addresses;
  await caReady();
  const ca = readFileSync(caFile, 'utf8');
  expect((await ask(device, { name: `${NAME}.localhost`, ca })).status).toBe(200);
});

test('who shows no certificate has the connection closed', async () => {
  await expect(ask()).rejects.toMatchObject(CLOSED);
  await expect(ask(undefined, { name: `${NAME}.localhost` })).rejects.toMatchObject(CLOSED);
  const told = bed.cloud.cloud.events.recent().filter((event) => event.type === 'engine');
  expect(told.at(-1)).toMatchObject({
    message: `${NAME}.localhost has mutual TLS: a client without a certificate was refused`,
  });
});

test('a certificate without its key is none', async () => {
  const other = await root.client('CN=other');
  const wrong = { cert: device.cert, key: other.key };
  await expect(ask(wrong)).rejects.toThrow();
});

test('there is no way round it: plain HTTP, another name of TLS, no name at all', async () => {
  const { hostname, port } = new URL(bed.cloud.endpoint);
  const plain = await new Promise<number>((resolve, reject) => {
    httpRequest({ hostname, port, path: '/event', headers: { host: NAME } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
  expect(plain).toBe(403);
  const forbidden = { status: 403, text: '{"message":"Forbidden"}' };
  expect(await ask(undefined, { name: 'localhost', host: NAME })).toMatchObject(forbidden);
  // Nobody asked for the certificate, so that it was never shown.
  expect(await ask(device, { name: 'localhost', host: NAME })).toMatchObject(forbidden);
  expect(await ask(device, { name: '', host: NAME })).toMatchObject(forbidden);
  // Names of TLS know no case.
  await expect(ask(undefined, { name: NAME.toUpperCase(), host: NAME })).rejects.toMatchObject(CLOSED);
});

test('certificates that the truststore does not lead to are forbidden', async () => {
  const forbidden = { status: 403, text: '{"message":"Forbidden"}', errorType: 'ForbiddenException' };
  const stranger = await Issuer.root('CN=Stranger');
  // The same name, another key.
  const impostor = await Issuer.root('C=US, O=Example, CN=Root');
  const refused: Record<string, Identity> = {
    foreign: await stranger.client('CN=device'),
    impostor: await impostor.client('CN=device'),
    selfSigned: (await Issuer.root('CN=alone')).identity,
    expired: await root.client('CN=late', { from: -2 * DAY, until: -DAY }),
    early: await root.client('CN=early', { from: DAY, until: 2 * DAY }),
    weak: await root.client('CN=weak', { algorithm: rsa(1024) }),
    server: await root.client('CN=server', { uses: ['1.3.6.1.5.5.7.3.1'] }),
  };
  for (const client of Object.values(refused)) expect(await ask(client)).toEqual(forbidden);
  expect((await ask(await root.client('CN=rsa', { algorithm: rsa(2048) }))).status).toBe(200);
  expect((await ask(await root.client('CN=client', { uses: ['1.3.6.1.5.5.7.3.2'] }))).status).toBe(200);
});

test('the whole chain must be in the truststore, and is four authorities long at most', async () => {
  const name = 'chain.example.com';
  const chain = [root];
  for (const level of [1, 2, 3, 4]) chain.push(await chain.at(-1)!.authority(`CN=Level ${level}`));
  const clients = await Promise.all(chain.map((issuer, level) => issuer.client(`CN=client of ${level}`)));
  await put('chain.pem', ...chain);
  const made = await create(name, { truststoreUri: 's3://trust/chain.pem' });
  expect(made.mutualTlsAuthentication?.truststoreWarnings).toEqual([
    'The certificate with the subject CN=Level 4 is not valid: certificate chain too long.',
  ]);
  await map(name);
  const statuses = async () =>
    Promise.all(clients.map(async (client) => (await ask(client, { name })).status));
  // https://www.javierinthecloud.com/understanding-the-api-gateway-mtls-chain-depth-limit
  expect(await statuses()).toEqual([200, 200, 200, 200, 403]);

  await put('gap.pem', root, chain[2]!);
  const { mutualTlsAuthentication } = await update(name, { truststoreUri: 's3://trust/gap.pem' });
  expect(mutualTlsAuthentication).toEqual({
    truststoreUri: 's3://trust/gap.pem',
    truststoreWarnings: [
      'The certificate with the subject CN=Level 2 is not valid: Could not find issuer for certificate.',
    ],
  });
  expect(await statuses()).toEqual([200, 403, 403, 403, 403]);
  // What a client sends along does not close the gap.
  const bundle = {
    ...clients[2]!,
    cert: [
      clients[2]!.cert,
      ...chain
        .slice(1, 3)
        .reverse()
        .map((one) => one.identity.cert),
    ].join('\n'),
  };
  expect((await ask(bundle, { name })).status).toBe(403);

  // An authority below one that allows none, and one that is no authority.
  const last = await root.authority('CN=Last', { pathLength: 0 });
  const below = await last.authority('CN=Below');
  const none = await root.authority('CN=None', { authority: false });
  await put('paths.pem', root, last, below, none);
  await update(name, { truststoreUri: 's3://trust/paths.pem' });
  expect((await ask(await last.client('CN=a'), { name })).status).toBe(200);
  expect((await ask(await below.client('CN=a'), { name })).status).toBe(403);
  expect((await ask(await none.client('CN=a'), { name })).status).toBe(403);
});

test('a truststore is exchanged by its version, also under a connection that stays', async () => {
  const name = 'versions.example.com';
  const next = await Issuer.root('CN=Next');
  const first = await put('versions.pem', root);
  const second = await put('versions.pem', next);
  const made = await create(name, { truststoreUri: 's3://trust/versions.pem', truststoreVersion: first });
  expect(made.mutualTlsAuthentication).toEqual({
    truststoreUri: 's3://trust/versions.pem',
    truststoreVersion: first,
  });
  await map(name);
  const newcomer = await next.client('CN=newcomer');
  expect((await ask(device, { name })).status).toBe(200);
  expect((await ask(newcomer, { name })).status).toBe(403);

  const socket = connect({
    port: bed.cloud.port,
    host: '127.0.0.1',
    servername: name,
    rejectUnauthorized: false,
    ...device,
  });
  const statusOnIt = () =>
    new Promise<string>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('data', (chunk: Buffer) => resolve(chunk.toString().split(' ')[1] ?? ''));
      socket.write(`GET /mock HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
    });
  expect(await statusOnIt()).toBe('200');
  await update(name, { truststoreVersion: second ?? '' });
  expect(await statusOnIt()).toBe('403');
  socket.destroy();
  expect((await ask(device, { name })).status).toBe(403);
  expect((await ask(newcomer, { name })).status).toBe(200);

  // Without a version it is the latest, of when the domain was updated.
  await update(name, { truststoreVersion: '' }, 'remove');
  await put('versions.pem', root);
  expect((await ask(newcomer, { name })).status).toBe(200);
  const { mutualTlsAuthentication } = await update(name, { truststoreUri: 's3://trust/versions.pem' });
  expect(mutualTlsAuthentication).toEqual({ truststoreUri: 's3://trust/versions.pem' });
  expect((await ask(newcomer, { name })).status).toBe(403);

  // An empty URI turns it off.
  await update(name, { truststoreUri: '' });
  const shown = await bed.api.send(new GetDomainNameCommand({ domainName: name }));
  expect(shown.mutualTlsAuthentication).toBeUndefined();
  expect((await ask(undefined, { name })).status).toBe(200);
});

/** A request over TLS that takes up a session where it is given one; what became of both. */
const withSession = (
  client: Identity | undefined,
  { name = NAME, session }: { name?: string; session?: Buffer } = {},
) =>
  new Promise<{ session: Buffer | undefined; status: string; reused: boolean }>((resolve, reject) => {
    const where = { port: bed.cloud.port, host: '127.0.0.1', servername: name };
    const socket = connect({ ...where, rejectUnauthorized: false, ...client, ...(session && { session }) });
    let latest: Buffer | undefined;
    socket.on('session', (one) => {
      latest = one;
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('closed')));
    socket.once('data', (chunk: Buffer) => {
      resolve({
        session: latest,
        status: chunk.toString().split(' ')[1] ?? '',
        reused: socket.isSessionReused(),
      });
      socket.destroy();
    });
    socket.write(`GET /mock HTTP/1.1\r\nHost: ${name}\r\n\r\n`);
  });

test('a session that is taken up again has the certificate that it began with, and no other has one', async () => {
  const first = await withSession(device);
  expect(first).toMatchObject({ status: '200', reused: false, session: expect.any(Buffer) });
  expect(await withSession(device, first)).toMatchObject({ status: '200', reused: true });
  const other = await withSession(undefined, { name: 'localhost' });
  expect(other.session).toBeInstanceOf(Buffer);
  await expect(withSession(undefined, { session: other.session })).rejects.toThrow();
});

test('templates and authorizers know the certificate', async () => {
  const api = await bed.newApi();
  const authorizer = await bed.newFunction(
    'authorizer',
    `exports.handler = async ({ methodArn, requestContext }) => ({
      principalId: 'device',
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] },
      context: { seen: requestContext.identity.clientCert.subjectDN },
    });`,
  );
  const { id: authorizerId } = await bed.api.send(
    new CreateAuthorizerCommand({
      restApiId: api.id,
      name: 'certificates',
      type: 'REQUEST',
      authorizerUri: proxyTo(authorizer).uri,
      identitySource: 'context.identity.sourceIp',
    }),
  );
  const template =
    '$context.authorizer.seen|$context.identity.clientCert.issuerDN|$context.identity.clientCert.validity.notAfter';
  await custom(
    api,
    'GET',
    '/who',
    { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode": 200}' } },
    {
      method: { authorizationType: 'CUSTOM', authorizerId },
      responses: [{ responseTemplates: { 'application/json': template } }],
    },
  );
  await api.deploy('prod');
  const name = 'templates.example.com';
  await create(name, { truststoreUri: 's3://trust/ca.pem' });
  await bed.api.send(
    new CreateBasePathMappingCommand({ domainName: name, restApiId: api.id, stage: 'prod' }),
  );
  const { text } = await ask(device, { name, path: '/who' });
  expect(text).toMatch(
    /^C=US,O=Example\\, Inc.,CN=device\|C=US,O=Example,CN=Root\|\w{3} [ \d]\d [\d:]{8} \d{4} GMT$/,
  );
});

test('self-signed certificates are trusted one by one', async () => {
  const name = 'alone.example.com';
  const alone = await Issuer.root('CN=alone', { authority: false });
  await put('alone.pem', alone);
  expect((await create(name, { truststoreUri: 's3://trust/alone.pem' })).mutualTlsAuthentication).toEqual({
    truststoreUri: 's3://trust/alone.pem',
  });
  await map(name);
  expect((await ask(alone.identity, { name })).status).toBe(200);
  expect((await ask((await Issuer.root('CN=alone')).identity, { name })).status).toBe(403);
});

test('what is wrong with a truststore is warned of; mutual TLS is on all the same', async () => {
  const old = await Issuer.root('CN=Old', { from: -2 * DAY, until: -DAY });
  const weak = await Issuer.root('CN=Weak', { algorithm: rsa(2048, 'SHA-1') });
  const short = await Issuer.root('CN=Short', { algorithm: rsa(1024) });
  const noise = '-----BEGIN CERTIFICATE-----\nbm90aGluZw==\n-----END CERTIFICATE-----';
  await put('bad.pem', old, noise, root, weak, short);
  const made = await create('bad.example.com', { truststoreUri: 's3://trust/bad.pem' });
  expect(made.mutualTlsAuthentication?.truststoreWarnings).toEqual([
    'Certificate 2 of the truststore is not a valid X.509 certificate.',
    'The certificate with the subject CN=Old is not valid: certificate has expired.',
    'The certificate with the subject CN=Weak is not valid: Client cert using an insecure Signature Algorithm.',
    'The certificate with the subject CN=Short is not valid: Client cert using an insecure Signature Algorithm.',
  ]);
  await map('bad.example.com');
  expect((await ask(device, { name: 'bad.example.com' })).status).toBe(200);
  expect((await ask(await short.client('CN=x'), { name: 'bad.example.com' })).status).toBe(403);
});

test('truststores that cannot be', async () => {
  const refused = (truststoreUri: string | undefined, truststoreVersion?: string) =>
    expect(create('never.example.com', { truststoreUri, truststoreVersion })).rejects.toMatchObject({
      name: 'BadRequestException',
    });
  await put('empty.pem', 'no certificate');
  await put('many.pem', ...Array.from({ length: 1001 }, () => root));
  await put('large.pem', root, ' '.repeat(1024 * 1024));
  await refused('https://trust.s3.amazonaws.com/ca.pem');
  await refused('s3://trust');
  await refused('s3://trust/nothing.pem');
  await refused('s3://no-such-bucket-here/ca.pem');
  await refused('s3://trust/ca.pem', 'no-such-version');
  await refused('s3://trust/empty.pem');
  await refused('s3://trust/many.pem');
  await refused('s3://trust/large.pem');
  await refused(undefined, 'version');
  await put('most.pem', ...Array.from({ length: 1000 }, () => root));
  expect((await create('most.example.com', { truststoreUri: 's3://trust/most.pem' })).domainNameStatus).toBe(
    'AVAILABLE',
  );
});

test('whoever makes the domain must be allowed to read the truststore', async () => {
  const iam = bed.cloud.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'admin-of-apis' }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'admin-of-apis' }));
  const allow = (name: string, Action: string, Resource: string) =>
    iam.send(
      new PutUserPolicyCommand({
        UserName: 'admin-of-apis',
        PolicyName: name,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Action, Resource }],
        }),
      }),
    );
  await allow('apis', 'apigateway:*', '*');
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const theirs = bed.cloud.client(APIGatewayClient, { credentials });
  await expect(
    create('theirs.example.com', { truststoreUri: 's3://trust/ca.pem' }, theirs),
  ).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringContaining('AccessDenied'),
  });
  await allow('truststore', 's3:GetObject', 'arn:aws:s3:::trust/ca.pem');
  expect(await create('theirs.example.com', { truststoreUri: 's3://trust/ca.pem' }, theirs)).toMatchObject({
    mutualTlsAuthentication: { truststoreUri: 's3://trust/ca.pem' },
  });
});

test('logs know the certificate, and why it was refused', async () => {
  await bed.cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'access' }));
  await setLogRole(bed, await newLogRole(bed));
  await set(shop, {
    '/accessLogSettings/destinationArn': 'arn:aws:logs:us-east-1:000000000000:log-group:access',
    '/accessLogSettings/format':
      '$context.status $context.identity.clientCert.subjectDN $context.identity.clientCert.issuerDN $context.requestId',
    '/*/*/logging/loglevel': 'ERROR',
  });
  const stranger = await Issuer.root('CN=Stranger');
  expect((await ask(device)).status).toBe(200);
  expect(await ask(await stranger.client('CN=device'))).toMatchObject({ status: 403 });
  const lines = await linesOf(bed, 'access');
  expect(lines.map((line) => line.replace(/ \S+$/, ''))).toEqual([
    '200 C=US,O=Example\\, Inc.,CN=device C=US,O=Example,CN=Root',
    '403 CN=device CN=Stranger',
  ]);
  const execution = await linesOf(bed, `API-Gateway-Execution-Logs_${shop.id}/prod`);
  expect(execution.filter((line) => line.includes('Access denied'))).toEqual([
    expect.stringContaining('Access denied. Reason: Could not find issuer for certificate'),
  ]);
});
