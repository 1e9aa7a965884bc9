import {
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, document } from './callers';

let cloud: TestCloud;
let iam: IAMClient;
beforeAll(async () => {
  cloud = await startCloud();
  iam = cloud.client(IAMClient);
});
afterAll(() => cloud.stop());

// The example of https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
const after =
  '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"dynamodb:*","Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2018-08-16T12:00:00Z"}}}}';

const simulate = async (time?: string) => {
  const { EvaluationResults } = await iam.send(
    new SimulateCustomPolicyCommand({
      PolicyInputList: [after],
      ActionNames: ['dynamodb:CreateBackup'],
      ContextEntries: time
        ? [{ ContextKeyName: 'aws:CurrentTime', ContextKeyValues: [time], ContextKeyType: 'date' }]
        : [],
    }),
  );
  return EvaluationResults;
};

test('policies that are given, and where the statements stand', async () => {
  expect(await simulate('2019-04-25T11:00:00Z')).toEqual([
    {
      EvalActionName: 'dynamodb:CreateBackup',
      EvalResourceName: '*',
      EvalDecision: 'allowed',
      MatchedStatements: [
        {
          SourcePolicyId: 'PolicyInputList.1',
          SourcePolicyType: 'IAM Policy',
          StartPosition: { Line: 1, Column: 38 },
          EndPosition: { Line: 1, Column: 167 },
        },
      ],
      MissingContextValues: [],
    },
  ]);
  expect(await simulate('2014-04-25T11:00:00Z')).toMatchObject([
    { EvalDecision: 'implicitDeny', MatchedStatements: [], MissingContextValues: [] },
  ]);
  expect(await simulate()).toMatchObject([
    { EvalDecision: 'implicitDeny', MissingContextValues: ['aws:CurrentTime'] },
  ]);
});

test("a user's policies, by resource, within a boundary", async () => {
  const { User } = await iam.send(new CreateUserCommand({ UserName: 'ada' }));
  const PolicyDocument = document(
    { Action: 's3:*', Resource: 'arn:aws:s3:::a/*' },
    { Effect: 'Deny', Action: 's3:Delete*' },
  );
  await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'own', PolicyDocument }));
  const { EvaluationResults } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: User?.Arn,
      ActionNames: ['s3:GetObject', 's3:DeleteObject'],
      ResourceArns: ['arn:aws:s3:::a/1', 'arn:aws:s3:::b/1'],
      PermissionsBoundaryPolicyInputList: [document({ Action: 's3:*' })],
    }),
  );
  expect(EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toEqual([
    'implicitDeny',
    'explicitDeny',
  ]);
  const [get, remove] = EvaluationResults ?? [];
  expect(get?.ResourceSpecificResults?.map((one) => one.EvalResourceDecision)).toEqual([
    'allowed',
    'implicitDeny',
  ]);
  expect(get?.PermissionsBoundaryDecisionDetail).toEqual({ AllowedByPermissionsBoundary: true });
  expect(remove?.MatchedStatements?.map(({ SourcePolicyId }) => SourcePolicyId)).toEqual(['user_ada_own']);
  const missing = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: `arn:aws:iam::${ACCOUNT}:user/none`,
    ActionNames: ['s3:GetObject'],
  });
  await expect(iam.send(missing)).rejects.toMatchObject({ name: 'NoSuchEntityException' });
});
