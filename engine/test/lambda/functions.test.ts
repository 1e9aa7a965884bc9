import {
  CreateAliasCommand,
  CreateFunctionUrlConfigCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  TagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startCloud, type TestCloud } from '../../src/testing';
import { Lambda, lambdaRole, zip } from './support';

let cloud: TestCloud;
let lambda: Lambda;
const ARN = 'arn:aws:lambda:us-east-1:000000000000:function';

beforeAll(async () => {
  cloud = await startCloud();
  lambda = new Lambda(cloud, await lambdaRole(cloud));
});
afterAll(() => cloud.stop());

const code = (value: string) => ({ 'index.js': `exports.handler = async () => '${value}';` });

test('a function is created, read, changed and deleted', async () => {
  const made = await lambda.create('life', code('one'), {
    Environment: { Variables: { AB: 'b' } },
    Tags: { t: 'v' },
  });
  expect(made).toMatchObject({
    FunctionName: 'life',
    FunctionArn: `${ARN}:life`,
    State: 'Pending',
    StateReasonCode: 'Creating',
    Version: '$LATEST',
    Timeout: 3,
    MemorySize: 128,
    PackageType: 'Zip',
    Architectures: ['x86_64'],
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: 'PassThrough' },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: '/aws/lambda/life' },
    Environment: { Variables: { AB: 'b' } },
  });
  expect(made.LastModified).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
  const read = await lambda.client.send(new GetFunctionCommand({ FunctionName: 'life' }));
  expect(read.Configuration).toMatchObject({ State: 'Active', LastUpdateStatus: 'Successful' });
  expect(read.Tags).toEqual({ t: 'v' });
  const archive = await fetch(read.Code!.Location!);
  expect((await archive.arrayBuffer()).byteLength).toBe(read.Configuration!.CodeSize);
  expect((await lambda.invoke('life')).value).toBe('one');

  const stale = new UpdateFunctionCodeCommand({
    FunctionName: 'life',
    ZipFile: zip(code('x')),
    RevisionId: made.RevisionId!,
  });
  await expect(lambda.client.send(stale)).rejects.toMatchObject({ name: 'PreconditionFailedException' });
  const updated = await lambda.client.send(
    new UpdateFunctionCodeCommand({ FunctionName: 'life', ZipFile: zip(code('two')) }),
  );
  expect(updated).toMatchObject({
    State: 'Active',
    LastUpdateStatus: 'InProgress',
    LastUpdateStatusReasonCode: 'Creating',
  });
  expect((await lambda.invoke('life')).value).toBe('two');
  await lambda.client.send(
    new UpdateFunctionConfigurationCommand({ FunctionName: 'life', Timeout: 9, Description: 'd' }),
  );
  const config = await lambda.client.send(
    new GetFunctionConfigurationCommand({ FunctionName: `${ARN}:life` }),
  );
  expect(config).toMatchObject({
    Timeout: 9,
    Description: 'd',
    MemorySize: 128,
    Environment: { Variables: { AB: 'b' } },
  });

  await lambda.client.send(new DeleteFunctionCommand({ FunctionName: 'life' }));
  await expect(lambda.client.send(new GetFunctionCommand({ FunctionName: 'life' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: `Function not found: ${ARN}:life`,
    Type: 'User',
    $metadata: { httpStatusCode: 404 },
  });
  await expect(lambda.invoke('life')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('what AWS refuses is refused', async () => {
  const refused = (more: object, message: string | RegExp, name = 'InvalidParameterValueException') =>
    expect(lambda.create('refused', code('x'), more)).rejects.toMatchObject({
      name,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    });
  await refused(
    { Runtime: 'nodejs99.x' },
    /^Value nodejs99.x at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs20.x, /,
  );
  await refused(
    { Runtime: 'nodejs12.x' },
    /^The runtime parameter of nodejs12.x is no longer supported for creating or updating/,
  );
  await refused(
    { Role: 'arn:aws:iam::000000000000:role/nobody' },
    'The role defined for the function cannot be assumed by Lambda.',
  );
  const other = await lambdaRole(cloud, 'not-for-lambda', {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
  });
  await refused({ Role: other }, 'The role defined for the function cannot be assumed by Lambda.');
  await refused(
    { Environment: { Variables: { AB: '1', AWS_REGION: 'x' } } },
    'Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION',
  );
  await refused(
    { Environment: { Variables: { AB: 'x'.repeat(4096) } } },
    /exceeded the 4KB limit. String measured: \{"AB":"x+"\}$/,
  );
  await refused(
    { Code: { ZipFile: new TextEncoder().encode('no zip') } },
    'Could not unzip uploaded file. Please check your file, then try to upload again.',
  );
  await refused(
    { Code: { S3Bucket: 'nowhere-bucket', S3Key: 'k' } },
    'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
  );
  await refused(
    { Layers: [`arn:aws:lambda:us-east-1:000000000000:layer:no:1`] },
    'Layer version arn:aws:lambda:us-east-1:000000000000:layer:no:1 does not exist.',
  );
  await refused({ MemorySize: 64 }, /greater than or equal to 128/, 'ValidationException');
  await refused({ Timeout: 901 }, /less than or equal to 900/, 'ValidationException');
  await refused(
    { Code: { ImageUri: 'x' }, PackageType: 'Image' },
    "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
  );
  await refused(
    { ImageConfig: { Command: ['a'] } },
    "Please don't provide ImageConfig when the intended function PackageType is Zip.",
  );
  const image = { PackageType: 'Image' as const, Runtime: undefined, Handler: undefined };
  await refused(
    { ...image, Code: { ImageUri: 'x' } },
    'Source image x is not valid. Provide a valid source image.',
  );
  await refused(
    { ...image, Code: { ImageUri: '000000000000.dkr.ecr.eu-west-1.amazonaws.com/x:1' } },
    /is not valid. Provide a valid source image.$/,
  );
  await lambda.create('twice', code('x'));
  await expect(lambda.create('twice', code('x'))).rejects.toMatchObject({
    name: 'ResourceConflictException',
    message: 'Function already exist: twice',
  });
  const escaping = lambda.create('escape', { '../evil.js': '' });
  await expect(escaping).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
});

test('code comes from S3 and layers from other archives', async () => {
  const s3 = cloud.client(S3Client, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'code-bucket' }));
  await s3.send(
    new PutObjectCommand({
      Bucket: 'code-bucket',
      Key: 'f.zip',
      Body: zip({ 'index.js': 'exports.handler = async () => require("deep")' }),
    }),
  );
  const layer = await lambda.client.send(
    new PublishLayerVersionCommand({
      LayerName: 'deep',
      Content: { ZipFile: zip({ 'nodejs/node_modules/deep/index.js': 'module.exports = "from the layer"' }) },
    }),
  );
  expect(layer).toMatchObject({
    Version: 1,
    LayerVersionArn: 'arn:aws:lambda:us-east-1:000000000000:layer:deep:1',
  });
  await lambda.create(
    'from-s3',
    {},
    { Code: { S3Bucket: 'code-bucket', S3Key: 'f.zip' }, Layers: [layer.LayerVersionArn!] },
  );
  expect((await lambda.invoke('from-s3')).value).toBe('from the layer');
  const missing = lambda.create('no-key', {}, { Code: { S3Bucket: 'code-bucket', S3Key: 'none' } });
  await expect(missing).rejects.toMatchObject({
    message:
      'Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.',
  });
});

test('versions stay what they were, and aliases lead to them', async () => {
  const where = 'exports.handler = async (e, c) => [VALUE, c.functionVersion, c.invokedFunctionArn]';
  await lambda.create('versions', where.replace('VALUE', '1'));
  const publish = () => lambda.client.send(new PublishVersionCommand({ FunctionName: 'versions' }));
  expect(await publish()).toMatchObject({ Version: '1', FunctionArn: `${ARN}:versions:1`, State: 'Active' });
  // Nothing changed: nothing new.
  expect((await publish()).Version).toBe('1');
  await lambda.client.send(
    new UpdateFunctionCodeCommand({
      FunctionName: 'versions',
      ZipFile: zip({ 'index.js': where.replace('VALUE', '2') }),
    }),
  );
  expect((await publish()).Version).toBe('2');
  const live = { FunctionName: 'versions', Name: 'live' };
  await lambda.client.send(new CreateAliasCommand({ ...live, FunctionVersion: '1' }));
  expect((await lambda.invoke('versions', {}, { Qualifier: 'live' })).value).toEqual([
    1,
    '1',
    `${ARN}:versions:live`,
  ]);
  expect((await lambda.invoke(`${ARN}:versions:2`)).value).toEqual([2, '2', `${ARN}:versions:2`]);
  await lambda.client.send(
    new UpdateAliasCommand({ ...live, RoutingConfig: { AdditionalVersionWeights: { 2: 1 } } }),
  );
  expect(await lambda.invoke('versions:live')).toMatchObject({
    ExecutedVersion: '2',
    value: [2, '2', `${ARN}:versions:live`],
  });
  const used = new DeleteFunctionCommand({ FunctionName: 'versions', Qualifier: '1' });
  await expect(lambda.client.send(used)).rejects.toMatchObject({ name: 'ResourceConflictException' });
  await lambda.client.send(new DeleteAliasCommand(live));
  await expect(lambda.client.send(new GetAliasCommand(live))).rejects.toMatchObject({
    message: `Cannot find alias arn: ${ARN}:versions:live`,
  });
  await lambda.client.send(used);
  const { Versions } = await lambda.client.send(
    new ListVersionsByFunctionCommand({ FunctionName: 'versions' }),
  );
  expect(Versions!.map((version) => version.FunctionArn)).toEqual([
    `${ARN}:versions:$LATEST`,
    `${ARN}:versions:2`,
  ]);
  await expect(lambda.invoke('versions', {}, { Qualifier: '1' })).rejects.toMatchObject({
    message: `Function not found: ${ARN}:versions:1`,
  });
});

test('lists come in pages, tags are kept, URLs refused', async () => {
  for (const name of ['list-a', 'list-b', 'list-c']) await lambda.create(name, code(name));
  const names: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda.client.send(
      new ListFunctionsCommand({ MaxItems: 2, ...(Marker ? { Marker } : {}) }),
    );
    names.push(...page.Functions!.map((each) => each.FunctionName!));
    Marker = page.NextMarker;
  } while (Marker);
  expect(names).toEqual(expect.arrayContaining(['list-a', 'list-b', 'list-c']));
  expect(new Set(names).size).toBe(names.length);
  await lambda.client.send(new TagResourceCommand({ Resource: `${ARN}:list-a`, Tags: { k: 'v' } }));
  expect((await lambda.client.send(new ListTagsCommand({ Resource: `${ARN}:list-a` }))).Tags).toEqual({
    k: 'v',
  });
  // Nothing would answer at a function's URL: it is refused, not made.
  await expect(
    lambda.client.send(new CreateFunctionUrlConfigCommand({ FunctionName: 'list-a', AuthType: 'NONE' })),
  ).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
});
