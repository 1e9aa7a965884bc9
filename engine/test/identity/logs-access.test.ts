import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  SetRepositoryPolicyCommand,
} from '@aws-sdk/client-ecr';
import { systemClock } from '../../src/kernel';
import { startCloud, type TestCloud } from '../../src/testing';
import { ACCOUNT, as, refusal, trust } from './callers';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud({ iam: 'enforce' });
});
afterAll(() => cloud.stop());

test('a group of logs is its ARN with a star at its end, except for tags', async () => {
  const logGroupName = '/app/api';
  await cloud.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName }));
  const group = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${logGroupName}`;
  const stream = new CreateLogStreamCommand({ logGroupName, logStreamName: 's' });
  const bare = cloud.client(CloudWatchLogsClient, await as(cloud, { Action: 'logs:*', Resource: group }));
  expect(await refusal(bare.send(stream))).toBe(
    `400 AccessDeniedException: not authorized to perform: logs:CreateLogStream on resource: ${group}:log-stream:s because no identity-based policy allows the logs:CreateLogStream action`,
  );
  const tag = new TagResourceCommand({ resourceArn: group, tags: { a: 'b' } });
  expect(await refusal(bare.send(tag))).toBeUndefined();
  const star = cloud.client(
    CloudWatchLogsClient,
    await as(cloud, { Action: 'logs:*', Resource: `${group}:*` }),
  );
  expect(await refusal(star.send(stream))).toBeUndefined();
  const logEvents = [{ timestamp: systemClock.millis(), message: 'm' }];
  const put = new PutLogEventsCommand({ logGroupName, logStreamName: 's', logEvents });
  expect(await refusal(star.send(put))).toBeUndefined();
  expect(await refusal(star.send(new DescribeLogGroupsCommand({})))).toContain(
    `logs:DescribeLogGroups on resource: arn:aws:logs:us-east-1:${ACCOUNT}:log-group::log-stream: because`,
  );
});

test("a repository by its ARN, by its own policy, and nobody's token", async () => {
  const owner = cloud.client(ECRClient);
  const { repository } = await owner.send(new CreateRepositoryCommand({ repositoryName: 'team/app' }));
  const images = new ListImagesCommand({ repositoryName: 'team/app' });
  const statement = { Action: 'ecr:ListImages', Resource: repository?.repositoryArn };
  expect(await refusal(cloud.client(ECRClient, await as(cloud, statement)).send(images))).toBeUndefined();
  const nobody = cloud.client(ECRClient, await as(cloud));
  expect(await refusal(nobody.send(images))).toContain(
    `ecr:ListImages on resource: ${repository?.repositoryArn} because`,
  );
  expect(await refusal(nobody.send(new GetAuthorizationTokenCommand({})))).toContain(
    'ecr:GetAuthorizationToken on resource: * because',
  );
  expect(await refusal(nobody.send(new DescribeRepositoriesCommand({})))).toContain(':repository/* because');
  const policyText = trust({ Principal: '*', Action: 'ecr:ListImages' });
  await owner.send(new SetRepositoryPolicyCommand({ repositoryName: 'team/app', policyText }));
  expect(await refusal(nobody.send(images))).toBeUndefined();
});
