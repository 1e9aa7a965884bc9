import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TestInvokeAuthorizerCommand, UpdateMethodCommand } from '@aws-sdk/client-api-gateway';
import { ManualClock } from '../../src/kernel';
import { ECHO, newAuthorizer, said } from './authorizers-support';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html */
const POOL = 'us-east-1_abcDEF123';
const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;
const ARN = `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${POOL}`;
const NOBODY = { status: 401, type: 'UnauthorizedException', text: '{"message":"Unauthorized"}' };

let bed: Bed;
let clock: ManualClock;
let pool: Server;
let api: TestApi;
let authorizerId: string;
let fetched = 0;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(
  claims: object,
  { alg = 'RS256', kid = 'one', key = rsa.privateKey as KeyObject } = {},
): string {
  const text = `${encoded({ alg, kid })}.${encoded(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
}

const now = () => Math.floor(clock.millis() / 1000);
const idToken = (more: object = {}) => ({
  iss: ISSUER,
  aud: 'client1',
  sub: 'me',
  token_use: 'id',
  auth_time: now() - 10,
  iat: now() - 10,
  exp: now() + 3600,
  'cognito:groups': ['staff', 'admins'],
  'cognito:username': 'me',
  email_verified: true,
  ...more,
});
const accessToken = (scope: string, more: object = {}) => ({
  iss: ISSUER,
  client_id: 'client1',
  sub: 'me',
  token_use: 'access',
  scope,
  iat: now() - 10,
  exp: now() + 3600,
  ...more,
});

beforeAll(async () => {
  pool = createServer((_request, response) => {
    fetched++;
    const keys = [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }];
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => pool.listen(0, '127.0.0.1', () => resolve()));
  const { port } = pool.address() as AddressInfo;
  clock = new ManualClock(Date.now());
  bed = await Bed.start({ clock, jwks: { [ISSUER]: `http://127.0.0.1:${port}/.well-known/jwks.json` } });
  api = await bed.newApi();
  const { id } = await newAuthorizer(api, {
    name: 'pool',
    type: 'COGNITO_USER_POOLS',
    providerARNs: [ARN, `${ARN}x`],
  });
  authorizerId = id;
  const echo = proxyTo(await bed.newFunction('echo', ECHO));
  const method = { authorizationType: 'COGNITO_USER_POOLS', authorizerId };
  await api.method('GET', '/id', echo, method);
  await api.method('GET', '/scoped', echo, { ...method, authorizationScopes: ['shop/read', 'shop/write'] });
  await api.deploy();
});
afterAll(async () => {
  await bed.stop();
  pool.closeAllConnections();
  pool.close();
});

const ask = (path: string, Authorization: string) => api.fetch(path, { headers: { Authorization } });

test('an identity token of the pool comes in, and its claims go on as text', async () => {
  const response = await ask('/id', token(idToken()));
  expect(response.status).toBe(200);
  const { requestContext } = await response.json();
  expect(requestContext.authorizer).toEqual({
    claims: {
      iss: ISSUER,
      aud: 'client1',
      sub: 'me',
      token_use: 'id',
      auth_time: String(now() - 10),
      iat: expect.stringMatching(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/),
      exp: expect.stringMatching(/^\w{3} \w{3} \d\d \d\d:\d\d:\d\d UTC \d{4}$/),
      'cognito:groups': 'staff,admins',
      'cognito:username': 'me',
      email_verified: 'true',
    },
  });
  expect((await ask('/id', `Bearer ${token(idToken())}`)).status).toBe(200);
  expect(fetched).toBe(1);
});

test('a method with scopes takes access tokens that have one of them', async () => {
  expect((await ask('/scoped', token(accessToken('openid shop/write')))).status).toBe(200);
  expect(await said(ask('/scoped', token(accessToken('openid'))))).toEqual(NOBODY);
  expect(await said(ask('/scoped', token(idToken())))).toEqual(NOBODY);
  expect(await said(ask('/id', token(accessToken('shop/read'))))).toEqual(NOBODY);
});

test.each([
  ['no token', () => undefined],
  ['what is no token', () => 'friend'],
  ['a token of another pool', () => token(idToken({ iss: `${ISSUER}y` }))],
  ['a token of a pool whose keys nobody knows', () => token(idToken({ iss: `${ISSUER}x` }))],
  ['a token that another signed', () => token(idToken(), { key: other.privateKey })],
  ['a token with a key that the pool does not have', () => token(idToken(), { kid: 'two' })],
  [
    'a token that nobody signed',
    () => `${token(idToken(), { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
  ],
  ['a token without an end', () => token(idToken({ exp: undefined }))],
])('%s stays out', async (_what, given) => {
  const text = given();
  expect(
    await said(api.fetch('/id', text === undefined ? {} : { headers: { Authorization: text } })),
  ).toEqual(NOBODY);
});

test('a token that has expired', async () => {
  const given = token(idToken({ exp: now() + 5 }));
  expect((await ask('/id', given)).status).toBe(200);
  clock.advance(5_000);
  expect(await said(ask('/id', given))).toEqual({
    status: 401,
    type: 'UnauthorizedException',
    text: '{"message":"The incoming token has expired"}',
  });
});

test('a changed claim breaks the signature', async () => {
  const [head, , signature] = token(idToken()).split('.');
  expect(await said(ask('/id', `${head}.${encoded(idToken({ sub: 'you' }))}.${signature}`))).toEqual(NOBODY);
});

test('the audience must be as the authorizer’s expression says', async () => {
  const strict = await bed.newApi();
  const { id } = await newAuthorizer(strict, {
    type: 'COGNITO_USER_POOLS',
    providerARNs: [ARN],
    identityValidationExpression: 'client[2-9]',
    identitySource: 'method.request.header.X-Token',
  });
  await strict.method(
    'GET',
    '/',
    { type: 'MOCK', requestTemplates: { 'application/json': '{"statusCode":200}' } },
    { authorizationType: 'COGNITO_USER_POOLS', authorizerId: id },
  );
  await strict.deploy();
  const asked = (aud: string) => said(strict.fetch('/', { headers: { 'X-Token': token(idToken({ aud })) } }));
  expect(await asked('client1')).toEqual(NOBODY);
  expect((await asked('client2')).status).not.toBe(401);
});

test('TestInvokeAuthorizer tells the claims', async () => {
  const test = (Authorization: string) =>
    bed.api.send(
      new TestInvokeAuthorizerCommand({ restApiId: api.id, authorizerId, headers: { Authorization } }),
    );
  expect(await test(token(idToken()))).toMatchObject({
    clientStatus: 0,
    claims: { sub: 'me', aud: 'client1' },
  });
  expect(await test('friend')).toMatchObject({
    clientStatus: 401,
    log: expect.stringContaining('Unauthorized'),
  });
});

test('scopes of a method are added and taken away one by one', async () => {
  const resourceId = await api.resource('/scoped');
  const update = (op: 'add' | 'remove', value: string) =>
    bed.api.send(
      new UpdateMethodCommand({
        restApiId: api.id,
        resourceId,
        httpMethod: 'GET',
        patchOperations: [{ op, path: '/authorizationScopes', value }],
      }),
    );
  expect(await update('add', 'shop/admin')).toMatchObject({
    authorizationScopes: ['shop/read', 'shop/write', 'shop/admin'],
  });
  expect(await update('remove', 'shop/read')).toMatchObject({
    authorizationScopes: ['shop/write', 'shop/admin'],
  });
});
