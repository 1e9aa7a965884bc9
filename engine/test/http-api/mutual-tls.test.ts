import * as v2 from '@aws-sdk/client-apigatewayv2';
import {
  CloudFormationClient,
  CreateStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { logDelivery } from '../../src/execute-api/seen/log-delivery';
import { askSecurely, CLOSED, type Identity, Issuer } from '../apigateway/certificates';
import { Bed, proxyTo, type TestApi } from './support';

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-mutual-tls.html
const CertificateArn = 'arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012';
const OwnershipVerificationCertificateArn = CertificateArn.replace('-123456789012', '-210987654321');
const NAME = 'secure.example.com';
let bed: Bed;
let api: TestApi;
let send: v2.ApiGatewayV2Client['send'];
let root: Issuer;
let device: Identity;
let stranger: Identity;

const put = async (Key: string, ...issuers: Issuer[]) => {
  const Body = issuers.map(({ identity }) => identity.cert).join('\n');
  await bed.cloud
    .client(S3Client, { forcePathStyle: true })
    .send(new PutObjectCommand({ Bucket: 'trust', Key, Body }));
};
const create = (DomainName: string, MutualTlsAuthentication: v2.MutualTlsAuthenticationInput) =>
  send(
    new v2.CreateDomainNameCommand({
      DomainName,
      DomainNameConfigurations: [{ CertificateArn, OwnershipVerificationCertificateArn }],
      MutualTlsAuthentication,
    }),
  );
const map = (DomainName: string) =>
  send(new v2.CreateApiMappingCommand({ DomainName, ApiId: api.id, Stage: 'prod' }));
const ask = (client?: Identity, path = '/', name = NAME) =>
  askSecurely(bed.cloud.port, { name, path, client });

beforeAll(async () => {
  bed = await Bed.start();
  send = bed.v2.send.bind(bed.v2);
  await bed.cloud
    .client(S3Client, { forcePathStyle: true })
    .send(new CreateBucketCommand({ Bucket: 'trust' }));
  await bed.cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: 'access' }));
  api = await bed.newApi();
  const authorizer = await bed.newFunction(
    'authorizer',
    `exports.handler = async ({ requestContext }) => ({
      isAuthorized: requestContext.authentication.clientCert.subjectDN === 'CN=device',
      context: { issuer: requestContext.authentication.clientCert.issuerDN },
    });`,
  );
  const { AuthorizerId } = await send(
    new v2.CreateAuthorizerCommand({
      ApiId: api.id,
      Name: 'certificates',
      AuthorizerType: 'REQUEST',
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: true,
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: ['$context.identity.sourceIp'],
      AuthorizerUri: `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${authorizer}/invocations`,
    }),
  );
  const echo = await bed.echo('echo');
  await api.route('$default', proxyTo(echo));
  await api.route('GET /one', proxyTo(echo, '1.0'));
  await api.route('GET /authorized', proxyTo(echo), { AuthorizationType: 'CUSTOM', AuthorizerId });
  await api.stage('prod', {
    AccessLogSettings: {
      DestinationArn: 'arn:aws:logs:us-east-1:000000000000:log-group:access',
      Format: '$context.status $context.identity.clientCert.subjectDN $context.requestId',
    },
  });
  root = await Issuer.root('CN=Root');
  device = await root.client('CN=device');
  stranger = await (await Issuer.root('CN=Stranger')).client('CN=stranger');
  await put('ca.pem', root);
});
afterAll(() => bed.stop());

test('the certificate reaches functions in both formats, and authorizers', async () => {
  expect(await create(NAME, { TruststoreUri: 's3://trust/ca.pem' })).toMatchObject({
    DomainNameConfigurations: [{ DomainNameStatus: 'AVAILABLE', OwnershipVerificationCertificateArn }],
    MutualTlsAuthentication: { TruststoreUri: 's3://trust/ca.pem' },
  });
  await map(NAME);
  const clientCert = {
    clientCertPem: expect.stringMatching(/^-----BEGIN CERTIFICATE-----/),
    subjectDN: 'CN=device',
    issuerDN: 'CN=Root',
    serialNumber: expect.any(String),
    validity: { notBefore: expect.stringMatching(/GMT$/), notAfter: expect.stringMatching(/GMT$/) },
  };
  const two = JSON.parse((await ask(device)).text);
  expect(two.requestContext.authentication).toEqual({ clientCert });
  const one = JSON.parse((await ask(device, '/one')).text);
  expect(one.requestContext.identity.clientCert).toEqual(clientCert);
  const authorized = JSON.parse((await ask(device, '/authorized')).text);
  expect(authorized.requestContext.authorizer).toEqual({ lambda: { issuer: 'CN=Root' } });
  expect((await ask(await root.client('CN=other'), '/authorized')).status).toBe(403);
  // Events of other ways to the same API know nothing of it.
  const plain = await api.event('/prod/x');
  expect(plain.requestContext).not.toHaveProperty('authentication');
});

test('others are refused, and logged where they showed a certificate', async () => {
  await expect(ask()).rejects.toMatchObject(CLOSED);
  expect(await ask(stranger)).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
  expect((await api.ask('/', { headers: { Host: NAME } })).status).toBe(403);
  await logDelivery(bed.cloud.host()).flush();
  const logs = bed.cloud.client(CloudWatchLogsClient);
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: 'access', filterPattern: '403' }),
  );
  expect(events.map(({ message }) => message)).toContainEqual(expect.stringMatching(/^403 CN=stranger /));
});

test('updates name a configuration too, and an empty URI turns mutual TLS off', async () => {
  const name = 'updated.example.com';
  await create(name, { TruststoreUri: 's3://trust/ca.pem' });
  await map(name);
  const update = (input: Partial<v2.UpdateDomainNameCommandInput>) =>
    send(new v2.UpdateDomainNameCommand({ DomainName: name, ...input }));
  const DomainNameConfigurations = [{ CertificateArn }];
  await expect(
    update({ MutualTlsAuthentication: { TruststoreUri: 's3://trust/ca.pem' } }),
  ).rejects.toMatchObject({
    name: 'BadRequestException',
    message: 'Invalid input. Expected one domain name configuration',
  });
  await expect(
    update({ DomainNameConfigurations, MutualTlsAuthentication: { TruststoreUri: 's3://trust/none.pem' } }),
  ).rejects.toMatchObject({ name: 'BadRequestException' });
  // What else is changed leaves it on.
  await update({ DomainNameConfigurations });
  await expect(ask(undefined, '/', name)).rejects.toMatchObject(CLOSED);
  const off = await update({ DomainNameConfigurations, MutualTlsAuthentication: { TruststoreUri: '' } });
  expect(off.MutualTlsAuthentication).toBeUndefined();
  expect((await ask(undefined, '/', name)).status).toBe(200);
  const on = await update({
    DomainNameConfigurations,
    MutualTlsAuthentication: { TruststoreUri: 's3://trust/ca.pem' },
  });
  expect(on.MutualTlsAuthentication).toEqual({ TruststoreUri: 's3://trust/ca.pem' });
  await expect(ask(undefined, '/', name)).rejects.toMatchObject(CLOSED);
  // A domain of the same name that is made anew begins without.
  await send(new v2.DeleteDomainNameCommand({ DomainName: name }));
  await send(new v2.CreateDomainNameCommand({ DomainName: name, DomainNameConfigurations }));
  await map(name);
  expect((await ask(undefined, '/', name)).status).toBe(200);
});

test('templates have it, of both kinds of domains', async () => {
  const cloudformation = bed.cloud.client(CloudFormationClient);
  const next = await Issuer.root('CN=Next');
  await put('next.pem', next);
  const template = (MutualTlsAuthentication: object | undefined) =>
    JSON.stringify({
      Resources: {
        Two: {
          Type: 'AWS::ApiGatewayV2::DomainName',
          Properties: {
            DomainName: 'two.example.com',
            DomainNameConfigurations: [{ CertificateArn, OwnershipVerificationCertificateArn }],
            MutualTlsAuthentication,
          },
        },
        One: {
          Type: 'AWS::ApiGateway::DomainName',
          Properties: {
            DomainName: 'one.example.com',
            RegionalCertificateArn: CertificateArn,
            OwnershipVerificationCertificateArn,
            EndpointConfiguration: { Types: ['REGIONAL'] },
            MutualTlsAuthentication,
          },
        },
      },
    });
  const newcomer = await next.client('CN=newcomer');
  const statuses = async () => {
    const found: unknown[] = [];
    for (const name of ['one.example.com', 'two.example.com'])
      for (const client of [device, newcomer, undefined])
        found.push(
          await ask(client, '/', name).then(
            ({ status }) => status,
            () => 'closed',
          ),
        );
    return found;
  };
  const update = async (mutual: object | undefined) => {
    await cloudformation.send(
      new UpdateStackCommand({ StackName: 'domains', TemplateBody: template(mutual) }),
    );
    await waitUntilStackUpdateComplete(
      { client: cloudformation, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
      { StackName: 'domains' },
    );
  };
  await cloudformation.send(
    new CreateStackCommand({
      StackName: 'domains',
      TemplateBody: template({ TruststoreUri: 's3://trust/ca.pem' }),
    }),
  );
  await waitUntilStackCreateComplete(
    { client: cloudformation, maxWaitTime: 20, minDelay: 1, maxDelay: 1 },
    { StackName: 'domains' },
  );
  for (const name of ['one.example.com', 'two.example.com']) await map(name);
  expect(await statuses()).toEqual([200, 403, 'closed', 200, 403, 'closed']);
  await update({ TruststoreUri: 's3://trust/next.pem' });
  expect(await statuses()).toEqual([403, 200, 'closed', 403, 200, 'closed']);
  await update(undefined);
  expect(await statuses()).toEqual([200, 200, 200, 200, 200, 200]);
});
