import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateAuthorizerCommand, UpdateRouteCommand } from '@aws-sdk/client-apigatewayv2';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
let bed: Bed;
let provider: Server;
let issuer: string;
let api: TestApi;
let authorizer: string;
let fetched = 0;
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

function token(
  claims: object,
  { alg = 'RS256', kid = 'one', key = rsa.privateKey as KeyObject } = {},
): string {
  const text = `${encoded({ alg, kid })}.${encoded(claims)}`;
  const signature = sign(
    'sha256',
    Buffer.from(text),
    alg === 'ES256' ? { key, dsaEncoding: 'ieee-p1363' } : key,
  );
  return `${text}.${signature.toString('base64url')}`;
}

const now = () => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({
  iss: issuer,
  aud: 'shop',
  sub: 'me',
  exp: now() + 60,
  iat: now() - 1,
  ...more,
});

beforeAll(async () => {
  provider = createServer((request, response) => {
    if (request.url === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` }));
      return;
    }
    fetched++;
    const keys = [
      { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' },
      { ...ec.publicKey.export({ format: 'jwk' }), kid: 'two', alg: 'ES256', use: 'sig' },
    ];
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', () => resolve()));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  bed = await Bed.start({ jwks: { 'https://known.example': `${issuer}/keys` } });
  api = await bed.newApi();
  const made = await bed.v2.send(
    new CreateAuthorizerCommand({
      ApiId: api.id,
      Name: 'jwt',
      AuthorizerType: 'JWT',
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: issuer, Audience: ['shop', 'desk'] },
    }),
  );
  authorizer = made.AuthorizerId ?? '';
  const guarded = { AuthorizationType: 'JWT' as const, AuthorizerId: authorizer };
  const { IntegrationId = '' } = await api.integration(proxyTo(await bed.echo('guarded')));
  await api.route('GET /', IntegrationId, guarded);
  await api.route('GET /scoped', IntegrationId, { ...guarded, AuthorizationScopes: ['read', 'admin'] });
  await api.stage();
});
afterAll(async () => {
  await bed.stop();
  provider.closeAllConnections();
  provider.close();
});

const ask = (jwt: string | undefined, path = '/') =>
  api.ask(path, { headers: jwt === undefined ? {} : { authorization: jwt } });

test('a good token lets in, and its claims go on as text', async () => {
  const answer = await ask(`Bearer ${token(claims({ groups: ['a', 'b'], email_verified: true }))}`);
  expect(JSON.parse(answer.text).requestContext.authorizer).toEqual({
    jwt: {
      claims: {
        iss: issuer,
        aud: 'shop',
        sub: 'me',
        exp: expect.stringMatching(/^\d+$/),
        iat: expect.stringMatching(/^\d+$/),
        groups: '[a b]',
        email_verified: 'true',
      },
      scopes: null,
    },
  });
  // The scheme may be left out; keys are asked for once.
  expect((await ask(token(claims()))).status).toBe(200);
  expect((await ask(token(claims(), { alg: 'ES256', kid: 'two', key: ec.privateKey }))).status).toBe(200);
  expect(fetched).toBe(1);
});

test('client_id counts only where there is no aud', async () => {
  expect((await ask(token(claims({ aud: undefined, client_id: 'desk' })))).status).toBe(200);
  expect((await ask(token(claims({ aud: 'other', client_id: 'desk' })))).status).toBe(401);
});

test('without a token', async () => {
  const answer = await ask(undefined);
  expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
  expect(answer.headers['www-authenticate']).toBe('Bearer');
});

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

test.each<[string, () => string, string]>([
  ['another audience', () => token(claims({ aud: 'x' })), 'the token does not have a valid audience'],
  ['another issuer', () => token(claims({ iss: 'https://x' })), 'the token does not have a valid issuer'],
  ['an end that is past', () => token(claims({ exp: now() - 1 })), 'the token has expired'],
  ['no end', () => token(claims({ exp: undefined })), 'the token does not have an expiration'],
  ['a beginning to come', () => token(claims({ nbf: now() + 60 })), 'the token is not valid yet'],
  ['an issue to come', () => token(claims({ iat: now() + 60 })), 'the token was issued in the future'],
  ['another’s signature', () => token(claims(), { key: stranger.privateKey }), 'signature is invalid'],
  ['an unknown key', () => token(claims(), { kid: 'three' }), 'signature is invalid'],
  [
    'no algorithm',
    () => `${encoded({ alg: 'none' })}.${encoded(claims())}.x`,
    'signing method none is invalid',
  ],
  ['no form', () => 'nonsense', 'the token is malformed'],
])('a token with %s', async (_what, make, description) => {
  const answer = await ask(`Bearer ${make()}`);
  expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
  expect(answer.headers['www-authenticate']).toBe(
    `Bearer scope="" error="invalid_token" error_description="${description}"`,
  );
});

test('a route with scopes wants one of them', async () => {
  for (const given of [{ scope: 'openid read' }, { scp: ['admin'] }]) {
    const answer = await ask(token(claims(given)), '/scoped');
    expect(JSON.parse(answer.text).requestContext.authorizer.jwt.scopes).toEqual(['read', 'admin']);
  }
  const answer = await ask(token(claims({ scope: 'write' })), '/scoped');
  expect(answer).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  expect(answer.headers['www-authenticate']).toContain('error="insufficient_scope"');
});

test('an issuer that is not on this machine lets nobody in, unless its keys are known', async () => {
  const other = await bed.newApi();
  const create = (Issuer: string) =>
    bed.v2.send(
      new CreateAuthorizerCommand({
        ApiId: other.id,
        Name: 'far',
        AuthorizerType: 'JWT',
        IdentitySource: ['$request.header.Authorization'],
        JwtConfiguration: { Issuer, Audience: ['a'] },
      }),
    );
  await expect(create('http://issuer.example')).rejects.toMatchObject({ name: 'BadRequestException' });
  const { AuthorizerId } = await create('https://issuer.example');
  await other.route('GET /', proxyTo(await bed.echo('far')), { AuthorizationType: 'JWT', AuthorizerId });
  await other.stage();
  const answer = await other.ask('/', {
    headers: { authorization: token(claims({ iss: 'https://issuer.example' })) },
  });
  expect(answer).toMatchObject({ status: 401, text: '{"message":"Unauthorized"}' });
  const known = await create('https://known.example');
  const { IntegrationId = '' } = await other.integration(proxyTo(await bed.echo('known')));
  await other.route('GET /known', IntegrationId, {
    AuthorizationType: 'JWT',
    AuthorizerId: known.AuthorizerId,
  });
  const authorization = token(claims({ iss: 'https://known.example', aud: 'a' }));
  expect((await other.ask('/known', { headers: { authorization } })).status).toBe(200);
});

test('routes need an authorizer of their type', async () => {
  const { RouteId } = await api.route('GET /more', proxyTo(await bed.echo('more')));
  const update = (input: object) => bed.v2.send(new UpdateRouteCommand({ ApiId: api.id, RouteId, ...input }));
  await expect(update({ AuthorizationType: 'JWT' })).rejects.toMatchObject({ name: 'BadRequestException' });
  await expect(update({ AuthorizationType: 'CUSTOM', AuthorizerId: authorizer })).rejects.toMatchObject({
    name: 'BadRequestException',
  });
  await expect(update({ AuthorizationType: 'JWT', AuthorizerId: 'nobody' })).rejects.toMatchObject({
    name: 'NotFoundException',
  });
  await update({ AuthorizationType: 'JWT', AuthorizerId: authorizer });
  expect((await api.ask('/more')).status).toBe(401);
  const open = await update({ AuthorizationType: 'NONE' });
  expect(open).not.toHaveProperty('AuthorizerId');
  expect((await api.ask('/more')).status).toBe(200);
});
