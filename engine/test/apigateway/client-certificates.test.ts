import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import {
  type APIGatewayClient,
  CreateDeploymentCommand,
  DeleteClientCertificateCommand,
  DeleteStageCommand,
  GenerateClientCertificateCommand,
  GetClientCertificateCommand,
  GetClientCertificatesCommand,
  GetStageCommand,
  GetTagsCommand,
  TagResourceCommand,
  TestInvokeMethodCommand,
  UntagResourceCommand,
  UpdateClientCertificateCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { collections } from '../../src/services/apigateway/store';
import { custom } from '../execute-api/integrations-bed';
import { Issuer } from './certificates';
import { set } from './seen-support';
import { Bed, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html
const YEAR = 365 * 24 * 3600 * 1000;
let bed: Bed;
let api: APIGatewayClient;
let shop: TestApi;
let backend: Server;
let proxied: Awaited<ReturnType<TestApi['method']>>;
/** Whose certificates the backend takes. */
const trusted: string[] = [];

/** A backend that lets nobody in without a certificate that it knows, and says whose it was. */
async function startBackend(): Promise<string> {
  const own = await Issuer.root('CN=backend');
  backend = createServer(
    { ...own.identity, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const shown = (request.socket as TLSSocket).getPeerX509Certificate();
      const known = shown && trusted.some((pem) => new X509Certificate(pem).raw.equals(shown.raw));
      response.writeHead(known ? 200 : 401).end(shown ? shown.serialNumber : 'none');
    },
  );
  await new Promise<void>((resolve) => backend.listen(0, '127.0.0.1', resolve));
  const address = backend.address();
  return `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

beforeAll(async () => {
  bed = await Bed.start();
  api = bed.api;
  shop = await bed.newApi();
  const uri = await startBackend();
  const tlsConfig = { insecureSkipVerification: true };
  const to = { integrationHttpMethod: 'GET', uri, tlsConfig };
  proxied = await shop.method('GET', '/proxied', { type: 'HTTP_PROXY', ...to });
  await custom(shop, 'GET', '/custom', { type: 'HTTP', ...to });
  await shop.deploy('prod');
});
afterAll(async () => {
  backend.closeAllConnections();
  backend.close();
  await bed.stop();
});

const generate = (input: { description?: string; tags?: Record<string, string> } = {}) =>
  api.send(new GenerateClientCertificateCommand(input));
const serialOf = (pem: string | undefined) => new X509Certificate(pem ?? '').serialNumber;
const ask = async (path: string) => {
  const url = `${bed.cloud.endpoint}/_aws/execute-api/${shop.id}/prod${path}`;
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
};

test('a certificate is RSA of 2048 bits, signed by itself, and holds for 365 days', async () => {
  const made = await generate({ description: 'for the backend' });
  expect(made).toMatchObject({
    clientCertificateId: expect.stringMatching(/^[a-z0-9]{6}$/),
    description: 'for the backend',
    pemEncodedCertificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
  });
  expect(made).not.toHaveProperty('key');
  expect(Number(made.expirationDate) - Number(made.createdDate)).toBe(YEAR);
  const certificate = new X509Certificate(made.pemEncodedCertificate ?? '');
  expect(certificate.subject).toBe('C=US\nL=Seattle\nCN=ApiGateway');
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.raw.includes(Buffer.of(0xa3, 2, 0x30, 0))).toBe(false);
  expect(certificate.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
  expect(new Date(certificate.validFrom)).toEqual(made.createdDate);
  expect(new Date(certificate.validTo)).toEqual(made.expirationDate);
  const { clientCertificateId } = made;
  const { $metadata, ...got } = await api.send(new GetClientCertificateCommand({ clientCertificateId }));
  expect(made).toMatchObject(got);
});

test('the control plane', async () => {
  const { clientCertificateId = '' } = await generate({ tags: { team: 'shop' } });
  const { clientCertificateId: other } = await generate();
  const seen: (string | undefined)[] = [];
  let position: string | undefined;
  do {
    const page = await api.send(new GetClientCertificatesCommand({ limit: 1, position }));
    seen.push(...(page.items ?? []).map((one) => one.clientCertificateId));
    position = page.position;
  } while (position);
  expect(seen).toEqual(expect.arrayContaining([clientCertificateId, other]));
  expect(new Set(seen).size).toBe(seen.length);

  const update = (op: 'replace' | 'add', path: string, value: string) =>
    api.send(
      new UpdateClientCertificateCommand({ clientCertificateId, patchOperations: [{ op, path, value }] }),
    );
  expect(await update('replace', '/description', 'new')).toMatchObject({
    description: 'new',
    tags: { team: 'shop' },
  });
  await expect(update('add', '/description', 'x')).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(update('replace', '/expirationDate', '1')).rejects.toMatchObject({
    name: 'BadRequestException',
  });

  const resourceArn = `arn:aws:apigateway:us-east-1::/clientcertificates/${clientCertificateId}`;
  await api.send(new TagResourceCommand({ resourceArn, tags: { stage: 'prod' } }));
  await api.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
  expect((await api.send(new GetTagsCommand({ resourceArn }))).tags).toEqual({ stage: 'prod' });

  await api.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  for (const gone of [
    api.send(new GetClientCertificateCommand({ clientCertificateId })),
    api.send(new DeleteClientCertificateCommand({ clientCertificateId })),
    update('replace', '/description', 'x'),
    set(shop, { '/clientCertificateId': clientCertificateId }),
    api.send(new TestInvokeMethodCommand({ ...proxied, clientCertificateId })),
  ])
    await expect(gone).rejects.toMatchObject({
      name: 'NotFoundException',
      message: 'Invalid Client Certificate identifier specified',
    });
});

test('a stage shows its certificate to endpoints; another of the API shows none', async () => {
  const { clientCertificateId = '', pemEncodedCertificate = '' } = await generate();
  trusted.push(pemEncodedCertificate);
  for (const path of ['/proxied', '/custom']) expect(await ask(path)).toMatchObject({ text: 'none' });
  expect(await set(shop, { '/clientCertificateId': clientCertificateId })).toMatchObject({
    clientCertificateId,
  });
  const known = { status: 200, text: serialOf(pemEncodedCertificate) };
  expect(await ask('/proxied')).toEqual(known);
  expect(await ask('/custom')).toEqual(known);

  // A new deployment leaves it there.
  await api.send(new CreateDeploymentCommand({ restApiId: shop.id, stageName: 'prod' }));
  expect(await ask('/proxied')).toEqual(known);

  // Rotated: the connections that are kept for the old one are not taken.
  const next = await generate();
  trusted.push(next.pemEncodedCertificate ?? '');
  await set(shop, { '/clientCertificateId': next.clientCertificateId ?? '' });
  expect(await ask('/proxied')).toEqual({ status: 200, text: serialOf(next.pemEncodedCertificate) });
  await api.send(new DeleteClientCertificateCommand({ clientCertificateId }));

  const stage = { restApiId: shop.id, stageName: 'prod' };
  await set(shop, { '/clientCertificateId': '' });
  expect(await api.send(new GetStageCommand(stage))).not.toHaveProperty('clientCertificateId');
  expect(await ask('/proxied')).toMatchObject({ status: 401, text: 'none' });
});

test('a certificate that a stage shows stays', async () => {
  const { clientCertificateId = '' } = await generate();
  await shop.deploy('used');
  await set(shop, { '/clientCertificateId': clientCertificateId }, 'used');
  const remove = () => api.send(new DeleteClientCertificateCommand({ clientCertificateId }));
  await expect(remove()).rejects.toMatchObject({
    name: 'BadRequestException',
    message: expect.stringContaining(`${shop.id}/used`),
  });
  await api.send(new DeleteStageCommand({ restApiId: shop.id, stageName: 'used' }));
  await remove();
});

test('a test of a method shows the certificate that it is given', async () => {
  const { clientCertificateId, pemEncodedCertificate = '' } = await generate();
  trusted.push(pemEncodedCertificate);
  expect(await api.send(new TestInvokeMethodCommand({ ...proxied, clientCertificateId }))).toMatchObject({
    status: 200,
    body: serialOf(pemEncodedCertificate),
  });
  expect(await api.send(new TestInvokeMethodCommand(proxied))).toMatchObject({ status: 401, body: 'none' });
});

test('the private key is nowhere in the state as it is', async () => {
  await generate();
  const { stateDirectory } = bed.cloud.cloud.parts.addresses;
  const files = (directory: string): string[] =>
    readdirSync(directory).flatMap((name) => {
      const path = join(directory, name);
      return statSync(path).isDirectory() ? files(path) : [path];
    });
  const all = files(stateDirectory).filter((path) => !path.endsWith('ca.key'));
  expect(all.length).toBeGreaterThan(0);
  for (const path of all) expect(readFileSync(path).includes('PRIVATE KEY')).toBe(false);
});

test('sixty are the most', async () => {
  const { clientCertificateId: made = '' } = await generate();
  // Copies, as real ones take RSA its time.
  const { clientCertificates } = collections(
    bed.cloud.cloud.database.store('apigateway', '000000000000', 'us-east-1'),
  );
  const one = clientCertificates.get(made);
  for (let copy = 0; one && clientCertificates.count() < 60; copy++) {
    const clientCertificateId = `copy${copy}`;
    clientCertificates.put(clientCertificateId, { ...one, clientCertificateId });
  }
  await expect(generate()).rejects.toMatchObject({ name: 'LimitExceededException' });
  await api.send(new DeleteClientCertificateCommand({ clientCertificateId: 'copy0' }));
  await generate();
  for (let copy = 1; copy < 60; copy++) clientCertificates.remove(`copy${copy}`);
});

test('a template makes one, and gives it to a stage', async () => {
  const cloudformation = bed.cloud.client(CloudFormationClient);
  const StackName = 'certificates';
  const waiting = { client: cloudformation, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
  const template = (Description: string, ClientCertificateId: object | undefined) =>
    JSON.stringify({
      Resources: {
        Certificate: {
          Type: 'AWS::ApiGateway::ClientCertificate',
          Properties: { Description, Tags: [{ Key: 'a', Value: 'b' }] },
        },
        Api: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: 'api' } },
        Method: {
          Type: 'AWS::ApiGateway::Method',
          Properties: {
            RestApiId: { Ref: 'Api' },
            ResourceId: { 'Fn::GetAtt': ['Api', 'RootResourceId'] },
            HttpMethod: 'GET',
            AuthorizationType: 'NONE',
            Integration: { Type: 'MOCK' },
          },
        },
        Deployment: {
          Type: 'AWS::ApiGateway::Deployment',
          DependsOn: 'Method',
          Properties: { RestApiId: { Ref: 'Api' } },
        },
        Stage: {
          Type: 'AWS::ApiGateway::Stage',
          Properties: {
            RestApiId: { Ref: 'Api' },
            DeploymentId: { Ref: 'Deployment' },
            StageName: 'prod',
            ClientCertificateId,
          },
        },
      },
      Outputs: {
        Id: { Value: { 'Fn::GetAtt': ['Certificate', 'ClientCertificateId'] } },
        Ref: { Value: { Ref: 'Certificate' } },
        Api: { Value: { Ref: 'Api' } },
      },
    });
  await cloudformation.send(
    new CreateStackCommand({ StackName, TemplateBody: template('one', { Ref: 'Certificate' }) }),
  );
  await waitUntilStackCreateComplete(waiting, { StackName });
  const { Stacks = [] } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const output = (name: string) => Stacks[0]?.Outputs?.find((one) => one.OutputKey === name)?.OutputValue;
  const clientCertificateId = output('Id');
  expect(output('Ref')).toBe(clientCertificateId);
  const stage = { restApiId: output('Api'), stageName: 'prod' };
  expect(await api.send(new GetStageCommand(stage))).toMatchObject({ clientCertificateId });
  expect(await api.send(new GetClientCertificateCommand({ clientCertificateId }))).toMatchObject({
    description: 'one',
    tags: { a: 'b' },
  });

  await cloudformation.send(new UpdateStackCommand({ StackName, TemplateBody: template('two', undefined) }));
  await waitUntilStackUpdateComplete(waiting, { StackName });
  expect(await api.send(new GetStageCommand(stage))).not.toHaveProperty('clientCertificateId');
  expect(await api.send(new GetClientCertificateCommand({ clientCertificateId }))).toMatchObject({
    description: 'two',
  });

  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting, { StackName });
  await expect(api.send(new GetClientCertificateCommand({ clientCertificateId }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});
