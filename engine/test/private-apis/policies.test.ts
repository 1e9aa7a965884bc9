import { CreateDeploymentCommand } from '@aws-sdk/client-api-gateway';
import { ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, InvokeCommand } from '@aws-sdk/client-lambda';
import { proxyTo, type TestApi } from '../apigateway/support';
import { ACCOUNT, document } from '../identity/callers';
import { lambdaRole, zip } from '../lambda/support';
import { allow, type Network, PrivateBed, urlOf } from './bed';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html

/** Signs a request with what Lambda gives it, as a client without the SDK would. */
const SIGNS = `
const https = require('node:https');
const { createHash, createHmac } = require('node:crypto');
const sha = (text) => createHash('sha256').update(text).digest('hex');
const mac = (key, text) => createHmac('sha256', key).update(text).digest();
exports.handler = ({ url, spoil }) => new Promise((done) => {
  const { host, pathname } = new URL(url);
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token, AWS_REGION: region } = process.env;
  const date = new Date().toISOString().replace(/[-:]|\\.\\d{3}/g, '');
  const day = date.slice(0, 8);
  const names = 'host;x-amz-date;x-amz-security-token';
  const canonical = ['GET', pathname, '', 'host:' + host, 'x-amz-date:' + date, 'x-amz-security-token:' + token, '', names, sha('')];
  const scope = [day, region, 'execute-api', 'aws4_request'].join('/');
  const key = ['execute-api', 'aws4_request'].reduce(mac, mac(mac('AWS4' + secret + (spoil ? 'x' : ''), day), region));
  const signature = mac(key, ['AWS4-HMAC-SHA256', date, scope, sha(canonical.join('\\n'))].join('\\n')).toString('hex');
  const headers = {
    'x-amz-date': date, 'x-amz-security-token': token,
    Authorization: 'AWS4-HMAC-SHA256 Credential=' + id + '/' + scope + ', SignedHeaders=' + names + ', Signature=' + signature,
  };
  https.get(url, { headers, agent: false }, (response) => {
    let body = '';
    response.on('data', (chunk) => { body += chunk; });
    response.on('end', () => done({ status: response.statusCode, headers: response.headers, body }));
  }).on('error', (error) => done({ error: error.code }));
});`;

const SAYS_WHO = `
exports.handler = async ({ requestContext: { identity } }) => ({ statusCode: 200, body: String(identity.userArn) });`;

let beds: PrivateBed;
let network: Network;
let api: TestApi;
let id = '';
let role = '';

beforeAll(async () => {
  beds = await PrivateBed.start();
  network = await beds.network('10.5.0.0/24');
  id = (await beds.endpoint(network)).VpcEndpointId ?? '';
  api = await beds.bed.newApi({ endpointConfiguration: { types: ['PRIVATE'] } });
  const says = await beds.bed.newFunction('says', SAYS_WHO);
  await api.method('GET', '/', proxyTo(says));
  await api.method('GET', '/signed', proxyTo(says), { authorizationType: 'AWS_IAM' });
  await beds.caller('inside', network);
  role = await lambdaRole(beds.bed.cloud, 'signs');
  await beds.bed.lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'signs',
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: role,
      Timeout: 20,
      Code: { ZipFile: zip({ 'index.js': SIGNS }) },
      VpcConfig: { SubnetIds: [network.subnet], SecurityGroupIds: [network.closed] },
    }),
  );
}, 60_000);
afterAll(() => beds.stop());

async function decides(policy: object): Promise<void> {
  await beds.policy(api, policy);
  await beds.bed.api.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'prod' }));
}

const call = (path = '/') => beds.send('inside', { url: urlOf(api, path) });

async function sign(path: string, spoil = false) {
  const Payload = Buffer.from(JSON.stringify({ url: urlOf(api, path), spoil }));
  const answer = await beds.bed.lambda.send(new InvokeCommand({ FunctionName: 'signs', Payload }));
  return JSON.parse(Buffer.from(answer.Payload ?? []).toString());
}

const NOBODY = 'User: anonymous is not authorized to perform: execute-api:Invoke on resource: ';
const masked = (path = '/') =>
  `arn:aws:execute-api:us-east-1:********${ACCOUNT.slice(8)}:${api.id}/prod/GET${path}`;
const said = (text: string, path?: string) => ({
  status: 403,
  body: JSON.stringify({ Message: NOBODY + masked(path) + text }),
});
const silent = ' because no resource-based policy allows the execute-api:Invoke action';
const denied = ' with an explicit deny in a resource-based policy';

describe("an API's policy", () => {
  test('knows the VPC endpoint', async () => {
    await decides(allow({ StringEquals: { 'aws:SourceVpce': id } }));
    expect((await call()).status).toBe(200);
    await decides(allow({ StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }));
    expect(await call()).toMatchObject(said(silent));
  });

  test('knows the VPC, as in the example that denies all others', async () => {
    const others = (vpc: string) => ({
      Effect: 'Deny',
      Principal: '*',
      Action: 'execute-api:Invoke',
      Resource: 'execute-api:/*',
      Condition: { StringNotEquals: { 'aws:SourceVpc': vpc } },
    });
    await decides(allow({}, others(network.vpc)));
    expect((await call()).status).toBe(200);
    await decides(allow({}, others('vpc-0123456789abcdef0')));
    expect(await call()).toMatchObject(said(denied));
  });

  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
  test('does not know an address that is within a VPC', async () => {
    await decides(allow({ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }));
    expect(await call()).toMatchObject(said(silent));
    await decides(allow({ Null: { 'aws:SourceIp': 'true' } }));
    expect((await call()).status).toBe(200);
  });

  test('counts with what the caller may, for signed calls', async () => {
    await decides(allow({ StringEquals: { 'aws:SourceVpce': id } }));
    const got = await sign('/signed');
    expect(got).toMatchObject({ status: 200, body: expect.stringContaining(':assumed-role/signs/') });
    await decides(allow({ StringEquals: { 'aws:SourceVpce': 'vpce-0123456789abcdef0' } }));
    const mayAt = (Condition: Record<string, Record<string, string>>) => {
      const PolicyDocument = document({ Action: 'execute-api:Invoke', Condition });
      const policy = { RoleName: 'signs', PolicyName: 'all', PolicyDocument };
      return beds.bed.cloud.client(IAMClient).send(new PutRolePolicyCommand(policy));
    };
    await mayAt({ StringEquals: { 'aws:SourceVpc': network.vpc } });
    expect((await sign('/signed')).status).toBe(200);
    await mayAt({ StringEquals: { 'aws:SourceVpc': 'vpc-0123456789abcdef0' } });
    expect((await sign('/signed')).status).toBe(403);
  });
});

// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
describe("an endpoint's policy", () => {
  const limit = (...statements: object[]) =>
    beds.ec2.send(
      new ModifyVpcEndpointCommand({
        VpcEndpointId: id,
        PolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: statements.map((one) => ({ Effect: 'Allow', Action: 'execute-api:Invoke', ...one })),
        }),
      }),
    );
  const everybody = { Principal: '*', Resource: '*' };

  beforeAll(() => decides(allow()));
  afterAll(() => beds.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ResetPolicy: true })));

  test('says which APIs are called by it', async () => {
    await limit({ ...everybody, Resource: `arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.id}/*` });
    expect((await call()).status).toBe(200);
    await limit({ ...everybody, Resource: `arn:aws:execute-api:us-east-1:${ACCOUNT}:abcdefghij/*` });
    expect(await call()).toMatchObject(
      said(' because no VPC endpoint policy allows the execute-api:Invoke action'),
    );
    await limit(everybody, { ...everybody, Effect: 'Deny' });
    expect(await call()).toMatchObject(said(' with an explicit deny in a VPC endpoint policy'));
  });

  test('knows who signed, and nobody else', async () => {
    await limit({ Principal: { AWS: role }, Resource: '*' });
    expect(await call()).toMatchObject(
      said(' because no VPC endpoint policy allows the execute-api:Invoke action'),
    );
    const bearer = { url: urlOf(api), headers: { Authorization: 'Bearer abc' } };
    expect((await beds.send('inside', bearer)).status).toBe(403);
    expect((await sign('/')).status).toBe(200);
    const spoilt = await sign('/', true);
    expect([spoilt.status, spoilt.headers['x-amzn-errortype']]).toEqual([403, 'InvalidSignatureException']);
  });

  test('is not asked by the name of what the API may do besides', async () => {
    await limit({ ...everybody, Action: 'execute-api:InvalidateCache' });
    expect((await call()).status).toBe(403);
  });
});
