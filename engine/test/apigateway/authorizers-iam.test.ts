import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, SourceData } from '@smithy/types';
import { as, type Sessions } from '../identity/callers';
import { ECHO, said } from './authorizers-support';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html */
let bed: Bed;
let api: TestApi;

class Sha256 implements Checksum {
  readonly #hash;
  constructor(secret?: SourceData) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as string);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi();
  const echo = await bed.newFunction('echo', ECHO);
  await api.method('GET', '/pets/{id}', proxyTo(echo), { authorizationType: 'AWS_IAM' });
  await api.method('POST', '/pets', proxyTo(echo), { authorizationType: 'AWS_IAM' });
  await api.method(
    'GET',
    '/who',
    {
      type: 'MOCK',
      requestTemplates: { 'application/json': '{"statusCode":200}' },
    },
    { authorizationType: 'AWS_IAM' },
  );
  await api.deploy();
});
afterAll(() => bed.stop());

async function signed(
  path: string,
  { credentials }: Sessions,
  { method = 'GET', body = '', service = 'execute-api' } = {},
): Promise<Response> {
  const signer = new SignatureV4({ credentials, region: 'us-east-1', service, sha256: Sha256 });
  const { host, hostname, pathname, searchParams } = new URL(api.url(path));
  const { headers } = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: { host },
    ...(body && { body }),
  });
  return fetch(api.url(path), { method, headers, ...(body && { body }) });
}

const arn = (path: string, account = '000000000000') =>
  `arn:aws:execute-api:us-east-1:${account}:${api.id}/prod/${path}`;
const invoke = (path: string) => ({ Action: 'execute-api:Invoke', Resource: arn(path) });

test('lets in whose policies allow the method, and tells who it is', async () => {
  const caller = await as(bed.cloud, invoke('GET/pets/*'));
  const response = await signed('/pets/7?a=b%20c&d=', caller);
  expect(response.status).toBe(200);
  const { requestContext } = await response.json();
  const userId = expect.stringMatching(/^AROA\w+:session$/);
  expect(requestContext.identity).toMatchObject({
    accountId: '000000000000',
    accessKey: caller.credentials.accessKeyId,
    caller: userId,
    user: userId,
    userArn: expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/caller-\d+\/session$/),
    sourceIp: '127.0.0.1',
  });
  expect(requestContext).not.toHaveProperty('authorizer');
});

test('a body is part of what is signed', async () => {
  const caller = await as(bed.cloud, invoke('POST/pets'));
  expect((await signed('/pets', caller, { method: 'POST', body: '{"name":"rex"}' })).status).toBe(200);
});

test('refuses methods and paths that no policy allows', async () => {
  const caller = await as(bed.cloud, invoke('GET/pets/1'));
  const { arn: role } = await callerArn(caller);
  expect(await said(signed('/pets/2', caller))).toEqual({
    status: 403,
    type: 'AccessDeniedException',
    text: JSON.stringify({
      Message: `User: ${role} is not authorized to perform: execute-api:Invoke on resource: ${arn('GET/pets/2', '********0000')} because no identity-based policy allows the execute-api:Invoke action`,
    }),
  });
  const denied = await as(bed.cloud, invoke('*'), { ...invoke('GET/pets/*'), Effect: 'Deny' });
  expect((await said(signed('/pets/1', denied))).text).toContain(
    `on resource: ${arn('GET/pets/1', '********0000')} with an explicit deny in an identity-based policy`,
  );
});

async function callerArn(caller: Sessions): Promise<{ arn: string }> {
  const { requestContext } = await (await signed('/pets/1', caller)).json();
  return { arn: requestContext.identity.userArn };
}

test('the administrator of the account may', async () => {
  const root = { credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: '' } };
  expect((await signed('/pets/1', root)).status).toBe(200);
});

test('nobody stays out', async () => {
  expect(await said(api.fetch('/pets/1'))).toEqual({
    status: 403,
    type: 'MissingAuthenticationTokenException',
    text: '{"message":"Missing Authentication Token"}',
  });
});

test('what is wrong with a signature is told', async () => {
  const caller = await as(bed.cloud, invoke('*'));
  const secretAccessKey = 'not it';
  const forged = { credentials: { ...caller.credentials, secretAccessKey } };
  expect(await said(signed('/pets/1', forged))).toMatchObject({
    status: 403,
    type: 'InvalidSignatureException',
    text: expect.stringContaining(
      '{"message":"The request signature we calculated does not match the signature',
    ),
  });
  expect(await said(signed('/pets/1', caller, { service: 's3' }))).toMatchObject({
    status: 403,
    type: 'InvalidSignatureException',
    text: expect.stringContaining("Credential should be scoped to correct service: 'execute-api'."),
  });
  const stranger = { credentials: { ...caller.credentials, accessKeyId: 'ASIAXXXXXXXXXXXXXXXX' } };
  expect(await said(signed('/pets/1', stranger))).toEqual({
    status: 403,
    type: 'UnrecognizedClientException',
    text: '{"message":"The security token included in the request is invalid."}',
  });
});
