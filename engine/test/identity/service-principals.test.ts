import { CreateDeploymentCommand, TestInvokeMethodCommand } from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  CreateStackCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import {
  CloudFrontClient,
  CreateCloudFrontOriginAccessIdentityCommand,
  CreateDistributionCommand,
  CreateOriginAccessControlCommand,
} from '@aws-sdk/client-cloudfront';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  AddPermissionCommand,
  type AddPermissionCommandInput,
  CreateAliasCommand,
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  PublishVersionCommand,
  RemovePermissionCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Context, decide, Policy } from '../../src/identity/policies';
import { parsePolicy } from '../../src/kernel/policy-document';
import { Bed, proxyTo, type TestApi } from '../apigateway/support';
import { zip } from '../lambda/support';
import { ACCOUNT, as, refusal, trust } from './callers';

const OTHER = '111122223333';
const APIGATEWAY = 'apigateway.amazonaws.com';
const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: event.path });`;
const DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

type Grant = Partial<AddPermissionCommandInput>;

let bed: Bed;
const told: string[] = [];

beforeAll(async () => {
  bed = await Bed.start({ iam: 'enforce' });
  bed.cloud.cloud.events.subscribe((event) => {
    if (event.type === 'engine') told.push(event.message);
  });
});
afterAll(() => bed.stop());

let count = 0;
async function grant(FunctionName: string, more: Grant): Promise<() => Promise<unknown>> {
  const StatementId = `s${++count}`;
  const { Qualifier } = more;
  await bed.lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId,
      Action: 'lambda:InvokeFunction',
      Principal: APIGATEWAY,
      ...more,
    }),
  );
  return () => bed.lambda.send(new RemovePermissionCommand({ FunctionName, StatementId, Qualifier }));
}

describe('API Gateway invokes a function', () => {
  const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:served`;
  let api: TestApi;
  let shows: { restApiId: string; resourceId: string; httpMethod: string };
  const from = (path: string, account = ACCOUNT, region = 'us-east-1') =>
    `arn:aws:execute-api:${region}:${account}:${api.id}${path}`;
  const get = async (path = '/shows/1', stage = 'prod') => {
    const response = await fetch(api.url(path, stage));
    return `${response.status} ${await response.text()}`;
  };
  const REFUSED = '500 {"message": "Internal server error"}';

  beforeAll(async () => {
    await bed.newFunction('served', ECHO, false);
    await bed.lambda.send(new PublishVersionCommand({ FunctionName: 'served' }));
    const alias = { FunctionName: 'served', Name: 'live', FunctionVersion: '1' };
    await bed.lambda.send(new CreateAliasCommand(alias));
    api = await bed.newApi();
    shows = await api.method('GET', '/shows/{id}', proxyTo(FUNCTION));
    await api.method('GET', '/live', proxyTo(`${FUNCTION}:live`));
    await api.method('GET', '/', proxyTo(FUNCTION));
    await api.deploy();
    await bed.api.send(new CreateDeploymentCommand({ restApiId: api.id, stageName: 'beta' }));
  });

  test('not before its policy lets it, and says so in its log', async () => {
    expect(await get()).toBe(REFUSED);
    const { log, status } = await bed.api.send(
      new TestInvokeMethodCommand({ ...shows, pathWithQueryString: '/shows/1' }),
    );
    expect(status).toBe(500);
    expect(log).toContain(
      'Execution failed due to configuration error: Invalid permissions on Lambda function',
    );
    expect(told.join('\n')).toContain(
      `User: ${APIGATEWAY} is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no resource-based policy allows the lambda:InvokeFunction action`,
    );
  });

  test.each<[string, () => Grant, boolean]>([
    ['without a source', () => ({}), true],
    ['its own path', () => ({ SourceArn: from('/prod/GET/shows/*') }), true],
    ['any stage and method', () => ({ SourceArn: from('/*/*/shows/*') }), true],
    ['the whole API', () => ({ SourceArn: from('/*') }), true],
    ['its account, too', () => ({ SourceArn: from('/*'), SourceAccount: ACCOUNT }), true],
    ['another stage', () => ({ SourceArn: from('/beta/GET/shows/*') }), false],
    ['another method', () => ({ SourceArn: from('/prod/POST/shows/*') }), false],
    ['another path', () => ({ SourceArn: from('/prod/GET/venues/*') }), false],
    ['a part of the path', () => ({ SourceArn: from('/prod/GET/shows') }), false],
    ["another account's API", () => ({ SourceArn: from('/*', OTHER) }), false],
    ["another region's API", () => ({ SourceArn: from('/*', ACCOUNT, 'eu-west-1') }), false],
    ['another account', () => ({ SourceArn: from('/*'), SourceAccount: OTHER }), false],
    ['an organization', () => ({ PrincipalOrgID: 'o-abcdefghij' }), false],
    ['a token', () => ({ EventSourceToken: 'token' }), false],
    ['another action', () => ({ Action: 'lambda:GetFunction' }), false],
    ['another service', () => ({ Principal: 's3.amazonaws.com' }), false],
    ['its account as principal', () => ({ Principal: ACCOUNT }), false],
    ['everybody', () => ({ Principal: '*' }), true],
    ['every action', () => ({ Action: 'lambda:*' }), true],
  ])('for %s', async (_name, more, permitted) => {
    const take = await grant('served', more());
    expect(await get()).toBe(permitted ? '200 /shows/1' : REFUSED);
    await take();
    expect(await get()).toBe(REFUSED);
  });

  test('by the stage that is called and the root as GET/', async () => {
    const take = [
      await grant('served', { SourceArn: from('/beta/GET/shows/*') }),
      await grant('served', { SourceArn: from('/prod/GET/') }),
    ];
    expect(await get('/shows/1', 'beta')).toBe('200 /shows/1');
    expect(await get('/shows/1')).toBe(REFUSED);
    expect(await get('/')).toBe('200 /');
    for (const one of take) await one();
  });

  test('by the alias that its URI names: each has a policy of its own', async () => {
    const ofFunction = await grant('served', {});
    expect(await get('/live')).toBe(REFUSED);
    await ofFunction();
    const ofAlias = await grant('served', { Qualifier: 'live' });
    expect(await get('/live')).toBe('200 /live');
    expect(await get()).toBe(REFUSED);
    await ofAlias();
    const ofVersion = await grant('served', { Qualifier: '1' });
    expect(await get('/live')).toBe(REFUSED);
    await ofVersion();
  });

  test('of another account that lets it', async () => {
    const credentials = { credentials: { accessKeyId: OTHER, secretAccessKey: 'test' } };
    const lambda = bed.cloud.client(LambdaClient, credentials);
    const AssumeRolePolicyDocument = trust({ Principal: { Service: 'lambda.amazonaws.com' } });
    const { Role } = await bed.cloud
      .client(IAMClient, credentials)
      .send(new CreateRoleCommand({ RoleName: 'execution', AssumeRolePolicyDocument }));
    const { FunctionArn = '' } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName: 'theirs',
        Role: Role?.Arn,
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: zip({ 'index.js': ECHO }) },
      }),
    );
    await api.method('GET', '/theirs', proxyTo(FunctionArn));
    await api.deploy();
    expect(await get('/theirs')).toBe(REFUSED);
    const permission = {
      FunctionName: 'theirs',
      Action: 'lambda:InvokeFunction',
      Principal: APIGATEWAY,
      SourceArn: from('/*/GET/theirs'),
    };
    await lambda.send(new AddPermissionCommand({ ...permission, StatementId: 'own', SourceAccount: OTHER }));
    expect(await get('/theirs')).toBe(REFUSED);
    await lambda.send(new AddPermissionCommand({ ...permission, StatementId: 'api' }));
    expect(await get('/theirs')).toBe('200 /theirs');
  });
});

describe('another account invokes a function', () => {
  const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:shared`;
  const theirs = { credentials: { accessKeyId: OTHER, secretAccessKey: 'test' } };
  const invoke = (FunctionName: string) => new InvokeCommand({ FunctionName, InvocationType: 'DryRun' });
  const missing = (reason: string) =>
    `403 AccessDeniedException: not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no ${reason} policy allows the lambda:InvokeFunction action`;

  test('by its ARN, where its policy and their own let them', async () => {
    await bed.newFunction('shared', ECHO, false);
    const root = bed.cloud.client(LambdaClient, theirs);
    expect(await refusal(root.send(invoke(FUNCTION)))).toBe(missing('resource-based'));
    expect(await refusal(root.send(invoke('shared')))).toContain('404 ResourceNotFoundException');
    const take = await grant('shared', { Principal: OTHER });
    expect(await refusal(root.send(invoke(FUNCTION)))).toBeUndefined();
    expect(await refusal(root.send(invoke(`${ACCOUNT}:function:shared`)))).toBeUndefined();
    const answer = await root.send(
      new InvokeCommand({ FunctionName: FUNCTION, Payload: Buffer.from('{"path":"/x"}') }),
    );
    expect(Buffer.from(answer.Payload ?? []).toString()).toBe('{"statusCode":200,"body":"/x"}');
    await take();
    expect(await refusal(root.send(invoke(FUNCTION)))).toBe(missing('resource-based'));
  });

  test('a role that may everything at home needs the policy too, and the other way about', async () => {
    const session = await as(bed.cloud, { Action: 'lambda:*' });
    const foreign = `arn:aws:lambda:us-east-1:${OTHER}:function:none`;
    const lambda = bed.cloud.client(LambdaClient, session);
    expect(await refusal(lambda.send(invoke(foreign)))).toBe(
      missing('resource-based').replace(FUNCTION, foreign),
    );
    const nothing = bed.cloud.client(LambdaClient, await as(bed.cloud));
    expect(await refusal(nothing.send(invoke(foreign)))).toBe(
      missing('identity-based').replace(FUNCTION, foreign),
    );
  });
});

describe('CloudFront reads a bucket', () => {
  let s3: S3Client;
  let cloudfront: CloudFrontClient;
  beforeAll(async () => {
    s3 = bed.cloud.client(S3Client, { forcePathStyle: true });
    cloudfront = bed.cloud.client(CloudFrontClient);
    await s3.send(new CreateBucketCommand({ Bucket: 'site' }));
    await s3.send(new PutObjectCommand({ Bucket: 'site', Key: 'page', Body: 'hello' }));
    const PublicAccessBlockConfiguration = {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    };
    await s3.send(new PutPublicAccessBlockCommand({ Bucket: 'site', PublicAccessBlockConfiguration }));
  });

  async function distribution(origin: { control?: string | undefined; identity?: string | undefined }) {
    const { Distribution } = await cloudfront.send(
      new CreateDistributionCommand({
        DistributionConfig: {
          CallerReference: `r${++count}`,
          Comment: '',
          Enabled: true,
          Origins: {
            Quantity: 1,
            Items: [
              {
                Id: 's3',
                DomainName: 'site.s3.us-east-1.amazonaws.com',
                ...(origin.control ? { OriginAccessControlId: origin.control } : {}),
                S3OriginConfig: {
                  OriginAccessIdentity: origin.identity
                    ? `origin-access-identity/cloudfront/${origin.identity}`
                    : '',
                },
              },
            ],
          },
          DefaultCacheBehavior: {
            TargetOriginId: 's3',
            ViewerProtocolPolicy: 'allow-all',
            CachePolicyId: DISABLED,
          },
          // Errors are not kept, so that a changed policy shows at once.
          CustomErrorResponses: {
            Quantity: 2,
            Items: [403, 404].map((ErrorCode) => ({ ErrorCode, ErrorCachingMinTTL: 0 })),
          },
        },
      }),
    );
    return { arn: Distribution?.ARN ?? '', url: bed.cloud.cloud.edge.urlOf(Distribution?.Id ?? '') ?? '' };
  }
  const read = async (url: string, key = 'page') => {
    const response = await fetch(`${url}/${key}`);
    const text = await response.text();
    return `${response.status} ${/<Code>(.*)<\/Code>/.exec(text)?.[1] ?? text}`;
  };
  const allow = (more: object) => ({
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::site/*',
    ...more,
  });
  const policy = (...Statement: object[]) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket: 'site',
        Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
      }),
    );

  test('with an origin access control, as the distribution that the policy names', async () => {
    const { OriginAccessControl } = await cloudfront.send(
      new CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name: 'site',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      }),
    );
    const [one, other] = [
      await distribution({ control: OriginAccessControl?.Id }),
      await distribution({ control: OriginAccessControl?.Id }),
    ];
    expect(await read(one.url)).toBe('403 AccessDenied');
    const its = { Condition: { StringEquals: { 'AWS:SourceArn': one.arn } } };
    await policy(allow(its));
    expect(await read(one.url)).toBe('200 hello');
    expect(await read(other.url)).toBe('403 AccessDenied');
    // What is missing is told to those who may list.
    expect(await read(one.url, 'none')).toBe('403 AccessDenied');
    await policy(allow(its), allow({ Action: 's3:ListBucket', Resource: 'arn:aws:s3:::site' }));
    expect(await read(one.url, 'none')).toBe('404 NoSuchKey');
    await policy(allow({ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }));
    expect(await read(other.url)).toBe('200 hello');
    await policy(
      allow({}),
      allow({ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceArn': one.arn } } }),
    );
    expect(await read(one.url)).toBe('200 hello');
    expect(await read(other.url)).toBe('403 AccessDenied');
    await policy(
      allow({}),
      allow({
        Effect: 'Deny',
        Principal: '*',
        Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
      }),
    );
    expect(await read(one.url)).toBe('200 hello');
  });

  test('under a key that lets it', async () => {
    const kms = bed.cloud.client(KMSClient);
    const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn;
    const sealed = { Bucket: 'site', Key: 'sealed', Body: 'sealed', SSEKMSKeyId: KeyId };
    await s3.send(new PutObjectCommand({ ...sealed, ServerSideEncryption: 'aws:kms' }));
    await policy(allow({}));
    const { OriginAccessControl } = await cloudfront.send(
      new CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name: 'sealed',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      }),
    );
    const site = await distribution({ control: OriginAccessControl?.Id });
    expect(await read(site.url, 'sealed')).toBe('403 AccessDenied');
    const Policy = trust(
      { Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' },
      {
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { StringEquals: { 'aws:SourceArn': site.arn } },
      },
    );
    await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }));
    expect(await read(site.url, 'sealed')).toBe('200 sealed');
  });

  test('as an origin access identity, by either of its names', async () => {
    const { CloudFrontOriginAccessIdentity: identity } = await cloudfront.send(
      new CreateCloudFrontOriginAccessIdentityCommand({
        CloudFrontOriginAccessIdentityConfig: { CallerReference: 'oai', Comment: '' },
      }),
    );
    const site = await distribution({ identity: identity?.Id });
    await policy(allow({}));
    expect(await read(site.url)).toBe('403 AccessDenied');
    await policy(allow({ Principal: { CanonicalUser: identity?.S3CanonicalUserId } }));
    expect(await read(site.url)).toBe('200 hello');
    const AWS = `arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity ${identity?.Id}`;
    await policy(allow({ Principal: { AWS } }), allow({ Effect: 'Deny', Resource: 'arn:aws:s3:::site/x*' }));
    expect(await read(site.url)).toBe('200 hello');
    expect(await read(site.url, 'none')).toBe('403 AccessDenied');
  });
});

describe('a service takes a role', () => {
  const role = async (RoleName: string, ...statements: Parameters<typeof trust>) => {
    const AssumeRolePolicyDocument = trust(...statements);
    const iam = bed.cloud.client(IAMClient);
    return (await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }))).Role?.Arn;
  };
  const lambda = { Principal: { Service: 'lambda.amazonaws.com' } };

  test.each<[string, Parameters<typeof trust>, boolean]>([
    ['trusts', [lambda], true],
    ['trusts-another', [{ Principal: { Service: 'ec2.amazonaws.com' } }], false],
    ['trusts-the-account', [{ Principal: { AWS: ACCOUNT } }], false],
    ['denies', [lambda, { ...lambda, Effect: 'Deny' }], false],
    ['asks', [{ ...lambda, Condition: { StringEquals: { 'aws:SourceAccount': OTHER } } }], false],
  ])('that %s', async (name, statements, permitted) => {
    const made = bed.lambda.send(
      new CreateFunctionCommand({
        FunctionName: name,
        Role: await role(name, ...statements),
        Runtime: 'nodejs20.x',
        Handler: 'index.handler',
        Code: { ZipFile: zip({ 'index.js': ECHO }) },
      }),
    );
    expect(await refusal(made)).toBe(
      permitted
        ? undefined
        : '400 InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda.',
    );
  });

  test('for a stack, where it trusts CloudFormation', async () => {
    const cloudformation = bed.cloud.client(CloudFormationClient);
    const TemplateBody = JSON.stringify({
      Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
    });
    const create = (StackName: string, RoleARN: string | undefined) =>
      cloudformation.send(new CreateStackCommand({ StackName, TemplateBody, RoleARN }));
    const closed = await role('for-lambda', lambda);
    expect(await refusal(create('closed', closed))).toContain(
      `ValidationError: Role ${closed} is invalid or cannot be assumed`,
    );
    const open = await role('for-stacks', { Principal: { Service: 'cloudformation.amazonaws.com' } });
    await create('open', open);
    await waitUntilStackCreateComplete(
      { client: cloudformation, maxWaitTime: 20, minDelay: 0.01, maxDelay: 0.1 },
      { StackName: 'open' },
    );
  });
});

test('functions keep to their policies where nobody else is asked', async () => {
  const off = await Bed.start({ iam: 'off' });
  try {
    const target = await off.newFunction('served', ECHO, false);
    const api = await off.newApi();
    await api.method('GET', '/x', proxyTo(target));
    await api.deploy();
    expect((await api.fetch('/x')).status).toBe(500);
    await off.permit('served', `arn:aws:execute-api:us-east-1:${ACCOUNT}:${api.id}/*/GET/x`);
    expect((await api.fetch('/x')).status).toBe(200);
  } finally {
    await off.stop();
  }
});

/** AddPermission writes no such statements; other ways to write a function's policy do. */
describe('statements of a whole policy', () => {
  const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:served`;
  const API = `arn:aws:execute-api:us-east-1:${ACCOUNT}:api/prod/GET/shows`;
  const Service = APIGATEWAY;
  const service = { type: 'service' as const, account: ACCOUNT, arn: Service, userId: Service };
  const context = new Context().set('aws:SourceArn', API).set('aws:PrincipalIsAWSService', 'true');
  const open = { Effect: 'Allow', Principal: '*' };
  const from = (SourceArn: string) => ({ ArnLike: { 'AWS:SourceArn': SourceArn } });
  const verdict = (...statements: object[]) => {
    const Statement = statements.map((one) => ({
      Effect: 'Allow',
      ...('NotPrincipal' in one ? {} : { Principal: { Service } }),
      Action: 'lambda:InvokeFunction',
      Resource: FUNCTION,
      ...one,
    }));
    const document = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'resource');
    const request = { caller: service, action: 'lambda:InvokeFunction', resource: FUNCTION, context };
    const layers = { identity: [], resource: new Policy('function', document) };
    const decision = decide(request, layers, { account: ACCOUNT, policy: 'sufficient' });
    return decision.allowed ? 'allowed' : 'explicit' in decision ? 'denied' : 'not allowed';
  };

  test.each<[string, object[], string]>([
    ['by its name', [{}], 'allowed'],
    ['a denial goes first', [{}, { Effect: 'Deny' }], 'denied'],
    [
      'a denial of its source',
      [{}, { Effect: 'Deny', Condition: from('arn:aws:execute-api:*:*:*') }],
      'denied',
    ],
    ['of another source', [{}, { Effect: 'Deny', Condition: from('arn:aws:s3:*:*:*') }], 'allowed'],
    ['of all but it', [open, { Effect: 'Deny', NotPrincipal: { Service } }], 'allowed'],
    [
      'of all but another',
      [open, { Effect: 'Deny', NotPrincipal: { Service: 's3.amazonaws.com' } }],
      'denied',
    ],
    [
      'of no service',
      [open, { Effect: 'Deny', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }],
      'allowed',
    ],
    ['of another function', [{ Resource: `${FUNCTION}:live` }], 'not allowed'],
    ['by all but another action', [{ Action: undefined, NotAction: 'lambda:GetFunction' }], 'allowed'],
    [
      'by a part of the ARN',
      [{ Condition: from('arn:aws:execute-api:us-east-1:*:api/*/GET/shows') }],
      'allowed',
    ],
    ['ArnLike keeps to the colons', [{ Condition: from(`arn:*:${ACCOUNT}:api/*`) }], 'not allowed'],
    [
      'StringLike does not',
      [{ Condition: { StringLike: { 'aws:SourceArn': `arn:*:${ACCOUNT}:api/*` } } }],
      'allowed',
    ],
    [
      'without what it does not tell',
      [{ Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1' } } }],
      'not allowed',
    ],
  ])('%s', (_name, statements, expected) => {
    expect(verdict(...statements)).toBe(expected);
  });
});
