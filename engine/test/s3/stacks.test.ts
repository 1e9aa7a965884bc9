import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { strToU8, zipSync } from 'fflate';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let s3: S3Client;
let stacks: CloudFormationClient;

beforeAll(async () => {
  cloud = await startCloud();
  s3 = cloud.client(S3Client, { forcePathStyle: true });
  stacks = cloud.client(CloudFormationClient);
});
afterAll(() => cloud.stop());

const settled = /^(CREATE|UPDATE|DELETE|ROLLBACK|UPDATE_ROLLBACK)_(COMPLETE|FAILED)$/;

async function until(StackName: string) {
  for (;;) {
    const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName }));
    const stack = Stacks?.[0];
    if (stack && settled.test(stack.StackStatus ?? '')) return stack;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function create(StackName: string, Resources: object, Outputs: object = {}) {
  await stacks.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources, Outputs }),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  return until(StackName);
}

async function update(StackName: string, Resources: object) {
  await stacks.send(new UpdateStackCommand({ StackName, TemplateBody: JSON.stringify({ Resources }) }));
  return until(StackName);
}

async function reasons(StackName: string): Promise<string> {
  const { StackEvents } = await stacks.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? []).map((event) => event.ResourceStatusReason ?? '').join('\n');
}

const text = async (Bucket: string, Key: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
const keys = async (Bucket: string) =>
  ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map((one) => one.Key);

const bucket = (Properties: object) => ({ Type: 'AWS::S3::Bucket', Properties });

test('a bucket and its policy: made, changed, deleted', async () => {
  const attribute = (name: string) => ({ Value: { 'Fn::GetAtt': ['Site', name] } });
  const site = {
    BucketName: 'stack-site',
    VersioningConfiguration: { Status: 'Enabled' },
    CorsConfiguration: { CorsRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['*'], MaxAge: 5 }] },
    LifecycleConfiguration: {
      Rules: [{ Id: 'old', Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
    },
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
    },
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    AccessControl: 'Private',
    Tags: [{ Key: 'team', Value: 'shop' }],
  };
  const policy = {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Site' },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: { 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Site', 'Arn'] }, '*']] },
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    },
  };
  const made = await create(
    'site',
    { Site: bucket(site), Policy: policy },
    {
      Arn: attribute('Arn'),
      Domain: attribute('DomainName'),
      Regional: attribute('RegionalDomainName'),
      Website: attribute('WebsiteURL'),
    },
  );
  expect([made.StackStatus, await reasons('site')]).toEqual(['CREATE_COMPLETE', expect.any(String)]);
  expect(Object.fromEntries((made.Outputs ?? []).map((o) => [o.OutputKey, o.OutputValue]))).toEqual({
    Arn: 'arn:aws:s3:::stack-site',
    Domain: 'stack-site.s3.amazonaws.com',
    Regional: 'stack-site.s3.us-east-1.amazonaws.com',
    Website: 'http://stack-site.s3-website-us-east-1.amazonaws.com',
  });
  const at = { Bucket: 'stack-site' };
  expect((await s3.send(new GetBucketVersioningCommand(at))).Status).toBe('Enabled');
  expect((await s3.send(new GetBucketCorsCommand(at))).CORSRules?.[0]).toEqual({
    AllowedMethods: ['GET'],
    AllowedOrigins: ['*'],
    MaxAgeSeconds: 5,
  });
  expect((await s3.send(new GetBucketLifecycleConfigurationCommand(at))).Rules?.[0]?.ID).toBe('old');
  expect((await s3.send(new GetBucketTaggingCommand(at))).TagSet).toEqual(
    expect.arrayContaining([
      { Key: 'team', Value: 'shop' },
      { Key: 'aws:cloudformation:stack-name', Value: 'site' },
    ]),
  );
  expect((await s3.send(new GetBucketPolicyCommand(at))).Policy).toContain('arn:aws:s3:::stack-site/*');

  const { CorsConfiguration: _, ...without } = site;
  const updated = await update('site', { Site: bucket(without) });
  expect(updated.StackStatus).toBe('UPDATE_COMPLETE');
  await expect(s3.send(new GetBucketCorsCommand(at))).rejects.toMatchObject({
    name: 'NoSuchCORSConfiguration',
  });
  await expect(s3.send(new GetBucketPolicyCommand(at))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' });

  await stacks.send(new DeleteStackCommand({ StackName: 'site' }));
  await expect(until('site')).rejects.toThrow(/does not exist/);
  await expect(s3.send(new HeadBucketCommand(at))).rejects.toMatchObject({ name: 'NotFound' });
});

test('a name that is taken, and a property that is not implemented, fail the stack by name', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'taken-before' }));
  await create('clash', { B: bucket({ BucketName: 'taken-before' }) });
  expect(await reasons('clash')).toContain('taken-before already exists');
  await create('unknown', {
    B: bucket({ LoggingConfiguration: { LogFilePrefix: 'x' } }),
  }).catch((error: Error) => expect(error.message).toContain('LoggingConfiguration'));
});

describe('Custom::CDKBucketDeployment', () => {
  const source = async (Key: string, files: Record<string, string>) => {
    const zip = zipSync(
      Object.fromEntries(Object.entries(files).map(([name, body]) => [name, strToU8(body)])),
    );
    await s3.send(new PutObjectCommand({ Bucket: 'assets', Key, Body: zip }));
  };
  const deployment = (Properties: object) => ({
    Site: bucket({ BucketName: 'deployed' }),
    Deploy: {
      Type: 'Custom::CDKBucketDeployment',
      Properties: {
        ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:not-asked',
        SourceBucketNames: ['assets'],
        DestinationBucketName: { Ref: 'Site' },
        ...Properties,
      },
    },
  });

  test('is done by the role of CDK’s function, which may do what it may', async () => {
    const statement = (rest: object) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', ...rest }],
    });
    const copier = (Action: string[]) => ({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: statement({
            Action: 'sts:AssumeRole',
            Principal: { Service: 'lambda.amazonaws.com' },
          }),
          Policies: [{ PolicyName: 'copy', PolicyDocument: statement({ Action, Resource: '*' }) }],
        },
      },
      Copier: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Runtime: 'python3.13',
          Handler: 'index.handler',
          Code: { ZipFile: 'def handler(event, context): pass' },
        },
      },
    });
    const by = { ServiceToken: { 'Fn::GetAtt': ['Copier', 'Arn'] }, SourceObjectKeys: ['two.zip'] };
    await create('reader', { ...copier(['s3:GetObject']), ...deployment(by) });
    expect(await reasons('reader')).toMatch(
      /assumed-role\/reader-Role\S+ is not authorized to perform: s3:PutObject on resource/,
    );
    const may = copier(['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject']);
    const { StackStatus } = await create('copier', { ...may, ...deployment(by) });
    expect(StackStatus).toBe('CREATE_COMPLETE');
    await s3.send(new DeleteObjectCommand({ Bucket: 'deployed', Key: 'index.html' }));
    await s3.send(new DeleteObjectCommand({ Bucket: 'deployed', Key: 'assets/app.js' }));
    await stacks.send(new DeleteStackCommand({ StackName: 'copier' }));
    await until('copier').catch(() => undefined);
  });

  beforeAll(async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'assets' }));
    await source('one.zip', {
      'index.html': '<h1>one</h1>',
      'assets/app.js': 'let one;',
      'assets/old.css': 'a{}',
      'config.json': '{"api":"<<marker:0>>"}',
      'empty/': '',
    });
    await source('two.zip', { 'index.html': '<h1>two</h1>', 'assets/app.js': 'let two;' });
  });

  test('files, their types and markers; then only what changed stays', async () => {
    const first = await create(
      'deploy',
      deployment({
        SourceObjectKeys: ['one.zip'],
        SourceMarkers: [{ '<<marker:0>>': 'https://api "quoted"' }],
        SourceMarkersConfig: [{ jsonEscape: 'true' }],
        SystemMetadata: { 'cache-control': 'max-age=5' },
        UserMetadata: { Team: 'shop' },
      }),
      { Keys: { Value: { 'Fn::Select': [0, { 'Fn::GetAtt': ['Deploy', 'SourceObjectKeys'] }] } } },
    );
    expect([first.StackStatus, first.Outputs?.[0]?.OutputValue, await reasons('deploy')]).toEqual([
      'CREATE_COMPLETE',
      'one.zip',
      expect.any(String),
    ]);
    expect(await keys('deployed')).toEqual(['assets/app.js', 'assets/old.css', 'config.json', 'index.html']);
    expect(JSON.parse(await text('deployed', 'config.json'))).toEqual({ api: 'https://api "quoted"' });
    expect(await s3.send(new HeadObjectCommand({ Bucket: 'deployed', Key: 'assets/app.js' }))).toMatchObject({
      ContentType: 'text/javascript',
      CacheControl: 'max-age=5',
      Metadata: { team: 'shop' },
    });
    await s3.send(new PutObjectCommand({ Bucket: 'deployed', Key: 'uploads/photo', Body: 'x' }));
    const second = await update(
      'deploy',
      deployment({ SourceObjectKeys: ['two.zip'], Exclude: ['uploads/*'], RetainOnDelete: 'false' }),
    );
    expect([second.StackStatus, await reasons('deploy')]).toEqual(['UPDATE_COMPLETE', expect.any(String)]);
    expect(await keys('deployed')).toEqual(['assets/app.js', 'index.html', 'uploads/photo']);
    expect(await text('deployed', 'index.html')).toBe('<h1>two</h1>');

    // Not retained: the deployment empties the bucket, which then can go.
    await stacks.send(new DeleteStackCommand({ StackName: 'deploy' }));
    await expect(until('deploy')).rejects.toThrow(/does not exist/);
  });

  test('a zip that leads out of its folder deploys nothing', async () => {
    await source('evil.zip', { 'fine.txt': 'x', '../../outside.txt': 'x' });
    const made = await create('evil', deployment({ SourceObjectKeys: ['evil.zip'] }));
    expect(made.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await reasons('evil')).toContain('invalid relative path: ../../outside.txt');
  });

  test('an archive as it is, below a prefix', async () => {
    await create(
      'asis',
      deployment({ SourceObjectKeys: ['two.zip'], Extract: 'false', DestinationBucketKeyPrefix: 'packs' }),
    );
    expect(await keys('deployed')).toEqual(['packs/two.zip']);
    await s3.send(new DeleteObjectCommand({ Bucket: 'deployed', Key: 'packs/two.zip' }));
  });
});
