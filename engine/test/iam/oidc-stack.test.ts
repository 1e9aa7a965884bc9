import { CloudFormationClient, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import {
  GetOpenIDConnectProviderCommand,
  GetRoleCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
} from '@aws-sdk/client-iam';
import { startCloud, type TestCloud } from '../../src/testing';
import { Stacks } from '../cloudformation/helpers';

let cloud: TestCloud;
let iam: IAMClient;
let stacks: Stacks;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
  iam = cloud.client(IAMClient);
  stacks = new Stacks(cloud.client(CloudFormationClient));
});
afterAll(() => cloud.stop());

/** As CDK's OidcProviderNative and WebIdentityPrincipal write them. */
const template = (properties: object) => ({
  Resources: {
    GitHub: {
      Type: 'AWS::IAM::OIDCProvider',
      Properties: { Url: 'https://token.actions.githubusercontent.com', ...properties },
    },
    Deploys: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'deploys',
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Action: 'sts:AssumeRoleWithWebIdentity',
              Principal: { Federated: { Ref: 'GitHub' } },
              Condition: {
                StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:theatre/shows:*' },
              },
            },
          ],
        },
      },
    },
  },
  Outputs: { Arn: { Value: { 'Fn::GetAtt': ['GitHub', 'Arn'] } } },
});

test('a provider of a template is made, changed and deleted', async () => {
  const OpenIDConnectProviderArn =
    'arn:aws:iam::000000000000:oidc-provider/token.actions.githubusercontent.com';
  const made = await stacks.create(
    'oidc',
    template({ ClientIdList: ['sts.amazonaws.com'], ThumbprintList: ['a'.repeat(40)] }),
    { Capabilities: ['CAPABILITY_NAMED_IAM'] },
  );
  expect(made.Outputs).toEqual([{ OutputKey: 'Arn', OutputValue: OpenIDConnectProviderArn }]);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'deploys' }));
  expect(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).toContain(OpenIDConnectProviderArn);
  const find = () => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect(await find()).toMatchObject({
    Url: 'token.actions.githubusercontent.com',
    ClientIDList: ['sts.amazonaws.com'],
    ThumbprintList: ['a'.repeat(40)],
  });
  const Tags = [{ Key: 'team', Value: 'a' }];
  const changed = await stacks.update('oidc', template({ ClientIdList: ['theatre', 'other'], Tags }), {
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  expect(changed.StackStatus).toBe('UPDATE_COMPLETE');
  const found = await find();
  expect([found.ClientIDList, found.ThumbprintList ?? []]).toEqual([['theatre', 'other'], []]);
  expect(found.Tags).toContainEqual(Tags[0]);
  await cloud.client(CloudFormationClient).send(new DeleteStackCommand({ StackName: 'oidc' }));
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}));
  expect(OpenIDConnectProviderList ?? []).toEqual([]);
});
