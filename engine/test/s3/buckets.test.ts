import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketEncryptionCommand,
  DeleteBucketOwnershipControlsCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketLoggingCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ManualClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { refusal } from './refusal';

let cloud: TestCloud;
let s3: S3Client;
const clock = new ManualClock(new Date('2026-03-01T10:00:00Z'));

beforeAll(async () => {
  cloud = await startCloud({ clock });
  s3 = cloud.client(S3Client, { forcePathStyle: true });
});
afterAll(() => cloud.stop());

const make = async (Bucket: string, more = {}) => {
  await s3.send(new CreateBucketCommand({ Bucket, ...more }));
  return Bucket;
};

describe('names and places', () => {
  test.each(['ab', 'Upper', 'under_score', 'dot..dot', '-dash', '10.0.0.1', 'xn--name', 'x'.repeat(64)])(
    '%s is no name',
    async (Bucket) => {
      expect(await refusal(make(Bucket))).toMatchObject({ Code: 'InvalidBucketName', BucketName: Bucket });
    },
  );

  test('a name is one bucket in all the world', async () => {
    await make('taken');
    await make('taken'); // us-east-1 lets its owner do that
    const other = cloud.client(S3Client, {
      forcePathStyle: true,
      credentials: { accessKeyId: '111111111111', secretAccessKey: 'test' },
    });
    expect(await refusal(other.send(new CreateBucketCommand({ Bucket: 'taken' })))).toMatchObject({
      Code: 'BucketAlreadyExists',
      BucketName: 'taken',
      status: 409,
    });
    const west = cloud.client(S3Client, { forcePathStyle: true, region: 'us-west-2' });
    const CreateBucketConfiguration = { LocationConstraint: 'us-west-2' } as const;
    expect(
      await refusal(west.send(new CreateBucketCommand({ Bucket: 'taken', CreateBucketConfiguration }))),
    ).toMatchObject({ Code: 'BucketAlreadyOwnedByYou', BucketName: 'taken' });
  });

  test('a bucket lies in one region', async () => {
    const west = cloud.client(S3Client, { forcePathStyle: true, region: 'us-west-2' });
    await west.send(
      new CreateBucketCommand({
        Bucket: 'western',
        CreateBucketConfiguration: { LocationConstraint: 'us-west-2' },
      }),
    );
    expect((await west.send(new GetBucketLocationCommand({ Bucket: 'western' }))).LocationConstraint).toBe(
      'us-west-2',
    );
    expect(await west.send(new HeadBucketCommand({ Bucket: 'western' }))).toMatchObject({
      BucketRegion: 'us-west-2',
    });
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: 'western' }))).LocationConstraint).toBe(
      'us-west-2',
    );
    await make('eastern');
    expect(
      (await s3.send(new GetBucketLocationCommand({ Bucket: 'eastern' }))).LocationConstraint,
    ).toBeUndefined();
    expect(await refusal(s3.send(new GetBucketVersioningCommand({ Bucket: 'western' })))).toMatchObject({
      Code: 'PermanentRedirect',
      status: 301,
    });
    const elsewhere = { LocationConstraint: 'eu-west-1' } as const;
    expect(
      await refusal(
        west.send(new CreateBucketCommand({ Bucket: 'elsewhere', CreateBucketConfiguration: elsewhere })),
      ),
    ).toMatchObject({
      Code: 'IllegalLocationConstraintException',
      message:
        'The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.',
    });
    const CreateBucketConfiguration = { LocationConstraint: 'moon-1' as 'eu-west-1' };
    expect(await refusal(make('moon', { CreateBucketConfiguration }))).toMatchObject({
      Code: 'InvalidLocationConstraint',
      LocationConstraint: 'moon-1',
    });
  });

  test('buckets are listed in pages', async () => {
    for (const name of ['page-a', 'page-b', 'page-c']) await make(name);
    const first = await s3.send(new ListBucketsCommand({ Prefix: 'page-', MaxBuckets: 2 }));
    expect(first.Buckets?.map((one) => [one.Name, one.BucketRegion])).toEqual([
      ['page-a', 'us-east-1'],
      ['page-b', 'us-east-1'],
    ]);
    const rest = await s3.send(
      new ListBucketsCommand({ Prefix: 'page-', ContinuationToken: first.ContinuationToken }),
    );
    expect(rest.Buckets?.map((one) => one.Name)).toEqual(['page-c']);
    expect(rest.ContinuationToken).toBeUndefined();
    await s3.send(new DeleteBucketCommand({ Bucket: 'page-a' }));
    expect(await refusal(s3.send(new HeadBucketCommand({ Bucket: 'page-a' })))).toMatchObject({
      name: 'NotFound',
    });
  });

  test('ExpectedBucketOwner', async () => {
    const Bucket = await make('owned');
    const get = (ExpectedBucketOwner: string) =>
      s3.send(new GetBucketVersioningCommand({ Bucket, ExpectedBucketOwner }));
    await get('000000000000');
    expect(await refusal(get('111111111111'))).toMatchObject({ Code: 'AccessDenied', status: 403 });
    expect(await refusal(get('abcd'))).toMatchObject({
      Code: 'InvalidBucketOwnerAWSAccountID',
      message: 'The value of the expected bucket owner parameter must be an AWS Account ID... [abcd]',
    });
  });
});

test('a new bucket is private, encrypted and without ACLs', async () => {
  const Bucket = await make('fresh');
  expect(await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).toMatchObject({
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    },
  });
  expect(await s3.send(new GetBucketEncryptionCommand({ Bucket }))).toMatchObject({
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
    },
  });
  expect(await s3.send(new GetBucketOwnershipControlsCommand({ Bucket }))).toMatchObject({
    OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  });
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect((await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled).toBeUndefined();
  expect((await s3.send(new GetBucketRequestPaymentCommand({ Bucket }))).Payer).toBe('BucketOwner');
  const { Grants } = await s3.send(new GetBucketAclCommand({ Bucket }));
  expect(Grants).toEqual([
    { Grantee: { Type: 'CanonicalUser', ID: expect.any(String) }, Permission: 'FULL_CONTROL' },
  ]);
  const absent = async (request: Promise<unknown>) => (await refusal(request)).Code;
  expect(await absent(s3.send(new GetBucketPolicyCommand({ Bucket })))).toBe('NoSuchBucketPolicy');
  expect(await absent(s3.send(new GetBucketCorsCommand({ Bucket })))).toBe('NoSuchCORSConfiguration');
  expect(await absent(s3.send(new GetBucketTaggingCommand({ Bucket })))).toBe('NoSuchTagSet');
  expect(await absent(s3.send(new GetBucketWebsiteCommand({ Bucket })))).toBe('NoSuchWebsiteConfiguration');
  expect(await absent(s3.send(new GetBucketReplicationCommand({ Bucket })))).toBe(
    'ReplicationConfigurationNotFoundError',
  );
  expect(await absent(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
    'NoSuchLifecycleConfiguration',
  );
});

test('ACLs only where ownership allows them', async () => {
  const Bucket = await make('acls');
  const publish = () => s3.send(new PutBucketAclCommand({ Bucket, ACL: 'public-read' }));
  expect(await refusal(publish())).toMatchObject({ Code: 'AccessControlListNotSupported' });
  expect(
    await refusal(s3.send(new PutObjectCommand({ Bucket, Key: 'k', ACL: 'public-read' }))),
  ).toMatchObject({ Code: 'AccessControlListNotSupported' });
  await s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] },
    }),
  );
  expect(await refusal(publish())).toMatchObject({ Code: 'AccessDenied' });
  await s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  await publish();
  expect((await s3.send(new GetBucketAclCommand({ Bucket }))).Grants).toHaveLength(2);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: '' }));
  await s3.send(new PutObjectAclCommand({ Bucket, Key: 'k', ACL: 'public-read' }));
  expect((await s3.send(new GetObjectAclCommand({ Bucket, Key: 'k' }))).Grants?.[1]).toEqual({
    Grantee: { Type: 'Group', URI: 'http://acs.amazonaws.com/groups/global/AllUsers' },
    Permission: 'READ',
  });
  await s3.send(new DeleteBucketOwnershipControlsCommand({ Bucket }));
  expect(await refusal(s3.send(new GetBucketOwnershipControlsCommand({ Bucket })))).toMatchObject({
    Code: 'OwnershipControlsNotFoundError',
  });
});

test('policies are checked, and public ones blocked', async () => {
  const Bucket = await make('policies');
  const put = (policy: unknown) =>
    s3.send(
      new PutBucketPolicyCommand({
        Bucket,
        Policy: typeof policy === 'string' ? policy : JSON.stringify(policy),
      }),
    );
  const statement = (more: object) => ({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: `arn:aws:s3:::${Bucket}/*`,
        ...more,
      },
    ],
  });
  expect(await refusal(put('no json'))).toMatchObject({
    Code: 'MalformedPolicy',
    message: "Policies must be valid JSON and the first byte must be '{'",
  });
  expect(await refusal(put({}))).toMatchObject({ message: 'Missing required field Statement' });
  expect(await refusal(put(statement({ Resource: 'arn:aws:s3:::other/*' })))).toMatchObject({
    message: 'Policy has invalid resource',
  });
  expect(await refusal(put(statement({ Action: 'ec2:RunInstances' })))).toMatchObject({
    message: 'Policy has invalid action',
  });
  expect(await refusal(put(statement({ Resource: `arn:aws:s3:::${Bucket}` })))).toMatchObject({
    message: 'Action does not apply to any resource(s) in statement',
  });
  expect(await refusal(put(statement({})))).toMatchObject({ Code: 'AccessDenied' });
  const account = { Principal: { AWS: 'arn:aws:iam::000000000000:root' } };
  await put(statement(account));
  const { Policy } = await s3.send(new GetBucketPolicyCommand({ Bucket }));
  expect(JSON.parse(Policy!)).toEqual(statement(account));
  await s3.send(
    new PutPublicAccessBlockCommand({
      Bucket,
      PublicAccessBlockConfiguration: { BlockPublicAcls: true },
    }),
  );
  await put(statement({}));
  expect((await s3.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus).toEqual({
    IsPublic: true,
  });
});

test('versioning and encryption take only what exists', async () => {
  const Bucket = await make('settings');
  const versioning = (VersioningConfiguration: object) =>
    refusal(s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })));
  expect(await versioning({ Status: 'enabled' })).toMatchObject({ Code: 'MalformedXML' });
  expect(await versioning({})).toMatchObject({ Code: 'IllegalVersioningConfigurationException' });
  const encrypt = (Rules: object[]) =>
    s3.send(
      new PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules },
      }),
    );
  expect(await refusal(encrypt([]))).toMatchObject({ Code: 'MalformedXML' });
  expect(
    await refusal(
      encrypt([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256', KMSMasterKeyID: 'k' } }]),
    ),
  ).toMatchObject({ Code: 'InvalidArgument', ArgumentName: 'ApplyServerSideEncryptionByDefault' });
  await encrypt([{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: true }]);
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.BucketKeyEnabled).toBe(false);
});

test('tags', async () => {
  const Bucket = await make('tags');
  const put = (...TagSet: { Key: string; Value: string }[]) =>
    s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
  await put({ Key: 'a', Value: '1' });
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: 'a', Value: '1' }]);
  expect(await refusal(put({ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }))).toMatchObject({
    Code: 'InvalidTag',
    message: 'Cannot provide multiple Tags with the same key',
    TagKey: 'a',
  });
  expect(await refusal(put({ Key: 'a,b', Value: '1' }))).toMatchObject({
    message: 'The TagKey you have provided is invalid',
  });
  expect(await refusal(put({ Key: 'aws:x', Value: '1' }))).toMatchObject({
    message: 'System tags cannot be added/updated by requester',
  });
});

test('what is not implemented is refused by name, never kept', async () => {
  const Bucket = await make('honest');
  const refused = async (request: Promise<unknown>) => {
    const error = await refusal(request);
    expect(error).toMatchObject({ Code: 'NotImplemented', status: 501 });
    return error.message;
  };
  expect(
    await refused(
      s3.send(
        new PutBucketLoggingCommand({
          Bucket,
          BucketLoggingStatus: { LoggingEnabled: { TargetBucket: Bucket, TargetPrefix: 'log' } },
        }),
      ),
    ),
  ).toContain('access logging');
  expect(
    await refused(
      s3.send(
        new PutBucketAccelerateConfigurationCommand({
          Bucket,
          AccelerateConfiguration: { Status: 'Enabled' },
        }),
      ),
    ),
  ).toContain('PutBucketAccelerateConfiguration');
  expect(
    await refused(
      s3.send(
        new PutBucketReplicationCommand({
          Bucket,
          ReplicationConfiguration: {
            Role: 'r',
            Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::x' } }],
          },
        }),
      ),
    ),
  ).toContain('PutBucketReplication');
});

test('CORS rules and websites are checked and kept', async () => {
  const Bucket = await make('documents');
  const cors = (CORSRules: object[]) =>
    s3.send(
      new PutBucketCorsCommand({
        Bucket,
        CORSConfiguration: {
          CORSRules: CORSRules as { AllowedMethods: string[]; AllowedOrigins: string[] }[],
        },
      }),
    );
  expect(await refusal(cors([{ AllowedMethods: ['MYMETHOD'], AllowedOrigins: ['*'] }]))).toMatchObject({
    message: 'Found unsupported HTTP method in CORS config. Unsupported method is MYMETHOD',
  });
  expect(await refusal(cors([{ AllowedMethods: ['GET'], AllowedOrigins: ['*.*'] }]))).toMatchObject({
    Code: 'InvalidRequest',
  });
  const rule = {
    AllowedMethods: ['GET', 'PUT'],
    AllowedOrigins: ['https://*.example.com'],
    MaxAgeSeconds: 60,
  };
  await cors([rule]);
  expect((await s3.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual([rule]);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
  await s3.send(
    new PutBucketWebsiteCommand({
      Bucket,
      WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
    }),
  );
  expect(await s3.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject({
    IndexDocument: { Suffix: 'index.html' },
  });
  expect(
    await refusal(
      s3.send(
        new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'a/b' } } }),
      ),
    ),
  ).toMatchObject({ Code: 'InvalidArgument' });
});

describe('lifecycle', () => {
  const DAY = 86_400_000;
  const put = (Bucket: string, Rules: object[]) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: Rules as { Status: 'Enabled' }[] },
      }),
    );

  test('rules are checked', async () => {
    const Bucket = await make('lifecycle-rules');
    expect(await refusal(put(Bucket, [{ Status: 'Enabled', Expiration: { Days: 1 } }]))).toMatchObject({
      Code: 'MalformedXML',
    });
    expect(
      await refusal(
        put(Bucket, [
          {
            Status: 'Enabled',
            Filter: { Prefix: '' },
            Expiration: { Date: new Date('2030-01-01T05:00:00Z') },
          },
        ]),
      ),
    ).toMatchObject({ Code: 'InvalidArgument', message: "'Date' must be at midnight GMT" });
    expect(
      await refusal(
        put(Bucket, [
          {
            Status: 'Enabled',
            Filter: { Prefix: '' },
            Transitions: [{ Days: 30, StorageClass: 'GLACIER' }],
          },
        ]),
      ),
    ).toMatchObject({ Code: 'NotImplemented' });
    await put(Bucket, [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } }]);
    expect(await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).toMatchObject({
      Rules: [{ ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } }],
      TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    });
  });

  test('objects are said to expire, and do, at the midnight behind their days', async () => {
    const Bucket = await make('lifecycle');
    await put(Bucket, [
      { ID: 'logs', Status: 'Enabled', Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } },
    ]);
    const stored = await s3.send(new PutObjectCommand({ Bucket, Key: 'logs/1', Body: 'x' }));
    const midnight = new Date(Math.ceil((clock.millis() + DAY) / DAY) * DAY);
    expect(stored.Expiration).toBe(`expiry-date="${midnight.toUTCString()}", rule-id="logs"`);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'x' }));
    const exists = (Key: string) =>
      s3.send(new HeadObjectCommand({ Bucket, Key })).then(
        () => true,
        () => false,
      );
    clock.advance(DAY);
    expect(await exists('logs/1')).toBe(true);
    clock.advance(DAY);
    expect(await exists('logs/1')).toBe(false);
    expect(await exists('kept')).toBe(true);
  });
});
