import { type Access, arn, type Call, type Needed, parseArn } from '../../kernel';
import { type RepositoryInput, repositories } from './store';

function onRepository(call: Call, action: string, input: RepositoryInput): Needed {
  const owner = input.registryId ?? call.account;
  const name = input.repositoryName ?? '';
  const repository = owner === call.account ? repositories(call).get(name) : undefined;
  return {
    action: `ecr:${action}`,
    resource: arn('ecr', call.region, owner, `repository/${name}`),
    tags: () => Object.fromEntries((repository?.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    policy: { text: repository?.policy, rule: 'sufficient' },
    owner,
  };
}

const named =
  (action: string) =>
  (input: RepositoryInput, call: Call): Needed =>
    onRepository(call, action, input);

const byArn =
  (action: string) =>
  (input: { resourceArn?: string | undefined }, call: Call): Needed => {
    const parsed = parseArn(input.resourceArn ?? '');
    const repositoryName = parsed?.resource.replace(/^repository\//, '') ?? input.resourceArn;
    return onRepository(call, action, { registryId: parsed?.account, repositoryName });
  };

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
const access: Access<'ecr'> = {
  BatchDeleteImage: named('BatchDeleteImage'),
  BatchGetImage: named('BatchGetImage'),
  CreateRepository: (input, call) => [
    onRepository(call, 'CreateRepository', input),
    ...(input.tags?.length ? [onRepository(call, 'TagResource', input)] : []),
  ],
  DeleteLifecyclePolicy: named('DeleteLifecyclePolicy'),
  DeleteRepository: named('DeleteRepository'),
  DeleteRepositoryPolicy: named('DeleteRepositoryPolicy'),
  DescribeImages: named('DescribeImages'),
  DescribeRepositories: (input, call) =>
    (input.repositoryNames ?? ['*']).map((repositoryName) =>
      onRepository(call, 'DescribeRepositories', { registryId: input.registryId, repositoryName }),
    ),
  GetAuthorizationToken: () => ({
    action: 'ecr:GetAuthorizationToken',
    resource: '*',
    where: 'on resource: *',
  }),
  GetLifecyclePolicy: named('GetLifecyclePolicy'),
  GetRepositoryPolicy: named('GetRepositoryPolicy'),
  ListImages: named('ListImages'),
  ListTagsForResource: byArn('ListTagsForResource'),
  PutImage: named('PutImage'),
  PutImageScanningConfiguration: named('PutImageScanningConfiguration'),
  PutImageTagMutability: named('PutImageTagMutability'),
  PutLifecyclePolicy: named('PutLifecyclePolicy'),
  SetRepositoryPolicy: named('SetRepositoryPolicy'),
  TagResource: byArn('TagResource'),
  UntagResource: byArn('UntagResource'),
};

export default access;
