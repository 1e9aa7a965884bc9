import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import {
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DetachGroupPolicyCommand,
  GetPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
} from '@aws-sdk/client-iam';
import { PolicyProblem, parsePolicy } from '../../src/kernel/policy-document';
import { packageRoot } from '../../src/package-root';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let iam: IAMClient;

beforeAll(async () => {
  cloud = await startCloud();
  iam = cloud.client(IAMClient);
});

afterAll(() => cloud.stop());

const document = (Action: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

test('a managed policy has five versions at most, and one is the default', async () => {
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: document('s3:GetObject') }),
  );
  const PolicyArn = Policy?.Arn;
  expect(Policy).toEqual({
    Arn: 'arn:aws:iam::000000000000:policy/p',
    AttachmentCount: 0,
    CreateDate: expect.any(Date),
    DefaultVersionId: 'v1',
    IsAttachable: true,
    Path: '/',
    PermissionsBoundaryUsageCount: 0,
    PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
    PolicyName: 'p',
    UpdateDate: expect.any(Date),
  });
  const add = (SetAsDefault: boolean) =>
    iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document('s3:*'), SetAsDefault }));
  for (const isDefault of [false, false, false, true]) await add(isDefault);
  await expect(add(false)).rejects.toMatchObject({
    name: 'LimitExceededException',
    message:
      'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
  });
  await expect(
    iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v5' })),
  ).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: 'Cannot delete the default version of a policy.',
  });
  await iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v1' }));
  expect((await add(false)).PolicyVersion?.VersionId).toBe('v6');
  const { Versions } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }));
  expect(Versions?.map(({ VersionId }) => VersionId)).toEqual(['v6', 'v5', 'v4', 'v3', 'v2']);
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
    message: expect.stringContaining('more than one version'),
  });
});

test('a policy knows whom it is attached to, and stays while it is', async () => {
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'held', PolicyDocument: document('s3:GetObject') }),
  );
  const PolicyArn = Policy?.Arn;
  const { Group } = await iam.send(new CreateGroupCommand({ GroupName: 'readers' }));
  await iam.send(new AttachGroupPolicyCommand({ GroupName: 'readers', PolicyArn }));
  const entities = await iam.send(new ListEntitiesForPolicyCommand({ PolicyArn }));
  expect(entities).toMatchObject({
    PolicyGroups: [{ GroupName: 'readers', GroupId: Group?.GroupId }],
    PolicyRoles: [],
    PolicyUsers: [],
  });
  expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(1);
  await expect(iam.send(new DeletePolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    message: 'Cannot delete a policy attached to entities.',
  });
  const local = await iam.send(new ListPoliciesCommand({ Scope: 'Local', OnlyAttached: true }));
  expect(local.Policies?.map(({ PolicyName }) => PolicyName)).toEqual(['held']);
  await iam.send(new DetachGroupPolicyCommand({ GroupName: 'readers', PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  await expect(iam.send(new GetPolicyCommand({ PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    message: `Policy ${PolicyArn} was not found.`,
  });
});

test("AWS's own policies are all there", async () => {
  const { Policies, IsTruncated } = await iam.send(new ListPoliciesCommand({ Scope: 'AWS', MaxItems: 1000 }));
  expect(IsTruncated).toBe(true);
  expect(Policies).toHaveLength(1000);
  const { Policy } = await iam.send(
    new GetPolicyCommand({ PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
  );
  expect(Policy).toMatchObject({ PolicyName: 'AdministratorAccess', DefaultVersionId: 'v1', Path: '/' });
});

const LEGACY = 'The policy failed legacy parsing';
const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

test.each([
  ['no statement', {}, 'Syntax errors in policy.'],
  [
    'a principal',
    { Statement: { ...allow, Principal: '*' } },
    'Policy document should not specify a principal.',
  ],
  ['no action', { Statement: { Effect: 'Allow', Resource: '*' } }, 'Policy statement must contain actions.'],
  [
    'no resource',
    { Statement: { Effect: 'Allow', Action: 's3:*' } },
    'Policy statement must contain resources.',
  ],
  [
    'an action without a service',
    { Statement: { ...allow, Action: 'GetObject' } },
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  ],
  [
    'an action of two services',
    { Statement: { ...allow, Action: 's3:s3:GetObject' } },
    'Actions/Condition can contain only one colon.',
  ],
  ['an effect in small letters', { Statement: { ...allow, Effect: 'allow' } }, LEGACY],
  ['another effect', { Statement: { ...allow, Effect: 'Maybe' } }, 'Syntax errors in policy.'],
  ['no effect', { Statement: { Action: 's3:*', Resource: '*' } }, 'Syntax errors in policy.'],
  [
    'a date that is none',
    { Statement: { ...allow, Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } } },
    LEGACY,
  ],
  [
    'a bucket in a region',
    { Statement: { ...allow, Resource: 'arn:aws:s3:us-east-1::bucket' } },
    'Resource arn:aws:s3:us-east-1::bucket can not contain region information.',
  ],
  [
    'a role in a region',
    { Statement: { ...allow, Resource: 'arn:aws:iam:us-east-1::role/x' } },
    'IAM resource arn:aws:iam:us-east-1::role/x cannot contain region information.',
  ],
  [
    'something that IAM has not',
    { Statement: { ...allow, Resource: 'arn:aws:iam::000000000000:thing/x' } },
    'IAM resource path must either be "*" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.',
  ],
  [
    'a resource that is no ARN',
    { Statement: { ...allow, Resource: 'bucket' } },
    'Resource bucket must be in ARN format or "*".',
  ],
  [
    'a partition that is none',
    { Statement: { ...allow, Resource: 'arn:moon:s3:::b' } },
    'Partition "moon" is not valid for resource "arn:moon:s3:::b".',
  ],
  [
    'the same Sid twice',
    {
      Statement: [
        { ...allow, Sid: 'a' },
        { ...allow, Sid: 'a' },
      ],
    },
    'Statement IDs (SID) in a single policy must be unique.',
  ],
])('an identity policy with %s is none', (_name, policy, message) => {
  const text = JSON.stringify({ Version: '2012-10-17', ...policy });
  expect(() => parsePolicy(text, 'identity')).toThrow(new PolicyProblem(message));
});

test('managed policies must be of the newer version of the language', async () => {
  await expect(
    iam.send(
      new CreatePolicyCommand({ PolicyName: 'old', PolicyDocument: JSON.stringify({ Statement: allow }) }),
    ),
  ).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
    message: 'Policy document must be version 2012-10-17 or greater.',
  });
});

test("each of AWS's own policies is one that can be evaluated", () => {
  const text = brotliDecompressSync(readFileSync(join(packageRoot, 'models', 'iam-managed-policies.br')));
  const lines = text.toString().trim().split('\n');
  expect(lines.length).toBeGreaterThan(1_000);
  const broken = lines.flatMap((line) => {
    const [arn = '', rest = '{}'] = line.split('\t');
    const { document: policy } = JSON.parse(rest) as { document: unknown };
    try {
      parsePolicy(JSON.stringify(policy), 'identity');
      return [];
    } catch (error) {
      return [`${arn}: ${error}`];
    }
  });
  expect(broken).toEqual([]);
});
