import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListImagesCommand,
  ListTagsForResourceCommand,
  PutImageScanningConfigurationCommand,
  PutLifecyclePolicyCommand,
  SetRepositoryPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecr';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let ecr: ECRClient;
const repositoryName = 'team/app';

beforeAll(async () => {
  cloud = await startCloud();
  ecr = cloud.client(ECRClient);
});
afterAll(() => cloud.stop());

test('a repository is made once and described', async () => {
  const { repository } = await ecr.send(
    new CreateRepositoryCommand({ repositoryName, tags: [{ Key: 'a', Value: '1' }] }),
  );
  expect(repository).toMatchObject({
    repositoryArn: `arn:aws:ecr:us-east-1:000000000000:repository/${repositoryName}`,
    repositoryUri: `127.0.0.1:${cloud.port}/000000000000/us-east-1/${repositoryName}`,
    imageTagMutability: 'MUTABLE',
    imageScanningConfiguration: { scanOnPush: false },
    encryptionConfiguration: { encryptionType: 'AES256' },
  });
  await expect(ecr.send(new CreateRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
    name: 'RepositoryAlreadyExistsException',
    message: `The repository with name '${repositoryName}' already exists in the registry with id '000000000000'`,
  });
  await expect(ecr.send(new CreateRepositoryCommand({ repositoryName: 'Upper' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await ecr.send(
    new PutImageScanningConfigurationCommand({
      repositoryName,
      imageScanningConfiguration: { scanOnPush: true },
    }),
  );
  const described = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
  expect(described.repositories?.[0]?.imageScanningConfiguration).toEqual({ scanOnPush: true });
});

test('repositories come in pages', async () => {
  for (const name of ['p1', 'p2', 'p3']) {
    await ecr.send(new CreateRepositoryCommand({ repositoryName: name }));
  }
  const first = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2 }));
  const rest = await ecr.send(new DescribeRepositoriesCommand({ maxResults: 2, nextToken: first.nextToken }));
  const names = [...(first.repositories ?? []), ...(rest.repositories ?? [])].map(
    (one) => one.repositoryName,
  );
  expect(names).toEqual(['p1', 'p2', 'p3', repositoryName]);
  expect(rest.nextToken).toBeUndefined();
});

test('policies are kept, and malformed ones refused', async () => {
  await expect(ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))).rejects.toMatchObject({
    name: 'LifecyclePolicyNotFoundException',
  });
  const rule = {
    rulePriority: 1,
    selection: { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 365 },
    action: { type: 'expire' },
  };
  const lifecyclePolicyText = JSON.stringify({ rules: [rule] });
  await ecr.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
  expect(await ecr.send(new GetLifecyclePolicyCommand({ repositoryName }))).toMatchObject({
    lifecyclePolicyText,
  });
  await expect(
    ecr.send(
      new PutLifecyclePolicyCommand({
        repositoryName,
        lifecyclePolicyText:
          '{"rules": "none of them at all, and long enough, so that only the content can be wrong ............................"}',
      }),
    ),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });

  await expect(ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).rejects.toMatchObject({
    name: 'RepositoryPolicyNotFoundException',
  });
  const policyText = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'ecr:BatchGetImage' },
    ],
  });
  await ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText }));
  expect(await ecr.send(new GetRepositoryPolicyCommand({ repositoryName }))).toMatchObject({ policyText });
  await expect(
    ecr.send(new SetRepositoryPolicyCommand({ repositoryName, policyText: '{}' })),
  ).rejects.toMatchObject({ name: 'InvalidParameterException' });
});

test('tags', async () => {
  const resourceArn = `arn:aws:ecr:us-east-1:000000000000:repository/${repositoryName}`;
  await ecr.send(new TagResourceCommand({ resourceArn, tags: [{ Key: 'b', Value: '2' }] }));
  await ecr.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a'] }));
  expect((await ecr.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual([
    { Key: 'b', Value: '2' },
  ]);
});

test('there are no images', async () => {
  expect((await ecr.send(new ListImagesCommand({ repositoryName }))).imageIds).toEqual([]);
  expect((await ecr.send(new DescribeImagesCommand({ repositoryName }))).imageDetails).toEqual([]);
  await expect(
    ecr.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] })),
  ).rejects.toMatchObject({ name: 'ImageNotFoundException' });
});

test('a token to log in with', async () => {
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const [data] = authorizationData ?? [];
  expect(Buffer.from(data?.authorizationToken ?? '', 'base64').toString()).toMatch(
    /^AWS:ASIA[A-Z0-9]+\.\S+$/,
  );
  expect(data?.proxyEndpoint).toBe(`http://127.0.0.1:${cloud.port}`);
});

test('a deleted repository is gone', async () => {
  await ecr.send(new DeleteRepositoryCommand({ repositoryName }));
  await expect(ecr.send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
    name: 'RepositoryNotFoundException',
    message: `The repository with name '${repositoryName}' does not exist in the registry with id '000000000000'`,
  });
});
