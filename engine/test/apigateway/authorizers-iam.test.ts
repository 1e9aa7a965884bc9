import { as, type Sessions } from '../identity/callers';
import { ECHO, said } from './authorizers-support';
import { presigned, signedFetch } from './signed';
import { Bed, proxyTo, type TestApi } from './support';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html */
let bed: Bed;
let api: TestApi;
let echo: string;

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  api = await bed.newApi();
  echo = await bed.newFunction('echo', ECHO);
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

const signed = (path: string, ...rest: [Sessions, Parameters<typeof signedFetch>[2]?]) =>
  signedFetch(api.url(path), ...rest);

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

test('what is no signature', async () => {
  const incomplete = {
    status: 403,
    type: 'IncompleteSignatureException',
    text: expect.stringMatching(
      /^\{"message":"Invalid key=value pair \(missing equal-sign\) in Authorization header \(hashed with SHA-256 and encoded with Base64\): '[\w/+]{43}='\."\}$/,
    ),
  };
  const headers = { Authorization: 'Bearer x' };
  expect(await said(api.fetch('/pets/1', { headers }))).toEqual(incomplete);
  expect(await said(api.fetch('/nowhere', { headers }))).toEqual(incomplete);
});

test('a signature for another region', async () => {
  const caller = await as(bed.cloud, invoke('*'));
  expect(await said(signed('/pets/1', caller, { region: 'eu-west-1' }))).toEqual({
    status: 403,
    type: 'InvalidSignatureException',
    text: '{"message":"Credential should be scoped to a valid region. "}',
  });
});

test('a URL that was signed beforehand', async () => {
  const caller = await as(bed.cloud, invoke('GET/pets/*'));
  const { status, type } = await said(fetch(await presigned(api.url('/pets/1'), caller)));
  expect({ status, type }).toEqual({ status: 200, type: null });
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

/**
 * The outcomes of both policies together.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html#apigateway-resource-policies-iam-policies-interaction
 */
describe('with a policy of the API', () => {
  const statement = (Effect: 'Allow' | 'Deny', Principal: unknown = '*') => ({
    Effect,
    Principal,
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*',
  });

  async function outcome(own: 'Allow' | 'Deny' | undefined, policy: object | undefined): Promise<number> {
    const policed = await bed.newApi({
      policy: policy && JSON.stringify({ Version: '2012-10-17', Statement: [policy] }),
    });
    await policed.method('GET', '/', proxyTo(echo), { authorizationType: 'AWS_IAM' });
    await policed.deploy();
    const statements = own ? [{ Effect: own, Action: 'execute-api:Invoke' }] : [];
    return (await signedFetch(policed.url('/'), await as(bed.cloud, ...statements))).status;
  }

  // An allowance to somebody else: neither allows nor denies.
  const neither = statement('Allow', { AWS: 'arn:aws:iam::000000000000:user/nobody' });

  test.each([
    ['Allow', statement('Allow'), 200],
    ['Allow', neither, 200],
    ['Allow', statement('Deny'), 403],
    [undefined, statement('Allow'), 200],
    [undefined, neither, 403],
    [undefined, statement('Deny'), 403],
    ['Deny', statement('Allow'), 403],
    ['Deny', neither, 403],
    ['Deny', statement('Deny'), 403],
  ] as const)('%s and %j', async (own, policy, status) => {
    expect(await outcome(own, policy)).toBe(status);
  });

  test('a denial binds the administrator, too', async () => {
    const policed = await bed.newApi({
      policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement('Deny')] }),
    });
    await policed.method('GET', '/', proxyTo(echo), { authorizationType: 'AWS_IAM' });
    await policed.deploy();
    const root = { credentials: { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: '' } };
    expect((await said(signedFetch(policed.url('/'), root))).text).toContain(
      'with an explicit deny in a resource-based policy',
    );
  });
});
