import type { Repository as Described } from '@aws-sdk/client-ecr';
import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import {
  changeRepository,
  images,
  invalidParameter,
  localName,
  openRepository,
  type Repository,
  repositories,
  repositoryArn,
  repositoryUri,
} from './store';
import { checkTags } from './tags';

function described(call: Call, repository: Repository): Described {
  const { name } = repository;
  return {
    repositoryArn: repositoryArn(call, name),
    registryId: call.account,
    repositoryName: name,
    repositoryUri: repositoryUri(call, name),
    createdAt: new Date(repository.created),
    imageTagMutability: repository.mutability,
    ...(repository.exclusions ? { imageTagMutabilityExclusionFilters: repository.exclusions } : {}),
    imageScanningConfiguration: { scanOnPush: repository.scanOnPush },
    encryptionConfiguration: repository.encryption,
  };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
const NAME = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;

export const createRepository: Operation<'ecr', 'CreateRepository'> = async (input, call) => {
  const name = input.repositoryName ?? '';
  if (name.length < 2 || name.length > 256 || !NAME.test(name)) {
    throw invalidParameter(
      `Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''`,
    );
  }
  if (input.registryId !== undefined && input.registryId !== call.account) {
    throw invalidParameter(
      `Invalid parameter at 'registryId' failed to satisfy constraint: 'Invalid registry id'`,
    );
  }
  const mutability = input.imageTagMutability ?? 'MUTABLE';
  const exclusions = input.imageTagMutabilityExclusionFilters;
  if (mutability.endsWith('_WITH_EXCLUSION') !== (exclusions !== undefined && exclusions.length > 0)) {
    throw invalidParameter(
      `Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint: 'must be given with, and only with, a mutability with exclusions'`,
    );
  }
  const encryption = { ...(input.encryptionConfiguration ?? { encryptionType: 'AES256' as const }) };
  if (encryption.encryptionType !== 'AES256') {
    const { KeyMetadata: key } = await call.invoke('kms', 'DescribeKey', {
      KeyId: encryption.kmsKey ?? 'alias/aws/ecr',
    });
    if (key?.Arn !== undefined) encryption.kmsKey = key.Arn;
  }
  const all = repositories(call);
  if (all.has(name)) {
    throw new AwsError(
      'RepositoryAlreadyExistsException',
      `The repository with name '${name}' already exists in the registry with id '${call.account}'`,
    );
  }
  const repository: Repository = {
    name,
    created: call.clock.millis(),
    mutability,
    ...(exclusions?.length ? { exclusions } : {}),
    scanOnPush: input.imageScanningConfiguration?.scanOnPush ?? false,
    encryption,
    tags: checkTags(call, input.tags ?? []),
  };
  all.put(name, repository);
  return { repository: described(call, repository) };
};

export const describeRepositories: Operation<'ecr', 'DescribeRepositories'> = (input, call) => {
  if (input.repositoryNames) {
    if (input.nextToken !== undefined || input.maxResults !== undefined) {
      throw invalidParameter(
        "Invalid parameter at 'maxResults' failed to satisfy constraint: 'maxResults and nextToken cannot be given with repositoryNames'",
      );
    }
    const named = input.repositoryNames.map((repositoryName) =>
      openRepository(call, { registryId: input.registryId, repositoryName }),
    );
    return { repositories: named.map((one) => described(call, one)) };
  }
  if (input.registryId !== undefined && input.registryId !== call.account) return { repositories: [] };
  const page = pageOf(repositories(call), {
    limit: input.maxResults ?? 100,
    token: input.nextToken,
    invalidToken: () =>
      invalidParameter("Invalid parameter at 'nextToken' failed to satisfy constraint: 'Invalid token'"),
  });
  return {
    repositories: page.items.map((one) => described(call, one)),
    ...(page.next === undefined ? {} : { nextToken: page.next }),
  };
};

export const deleteRepository: Operation<'ecr', 'DeleteRepository'> = async (input, call) => {
  const repository = openRepository(call, input);
  const { byDigest, byTag } = images(call);
  const prefix = [repository.name];
  if (!input.force && byDigest.count({ prefix }) > 0) {
    throw new AwsError(
      'RepositoryNotEmptyException',
      `The repository with name '${repository.name}' in registry with id '${call.account}' cannot be deleted because it still contains images`,
    );
  }
  const digests = [...byDigest.values({ prefix })].map((image) => image.digest);
  call.store.transaction(() => {
    repositories(call).remove(repository.name);
    byDigest.clear({ prefix });
    byTag.clear({ prefix });
  });
  for (const digest of digests)
    await call.parts.functions.untagImage(localName(call, repository.name, digest));
  return { repository: described(call, repository) };
};

export const putImageScanningConfiguration: Operation<'ecr', 'PutImageScanningConfiguration'> = (
  input,
  call,
) => {
  const repository = openRepository(call, input);
  const scanOnPush = input.imageScanningConfiguration?.scanOnPush ?? false;
  changeRepository(call, repository, { scanOnPush });
  return {
    registryId: call.account,
    repositoryName: repository.name,
    imageScanningConfiguration: { scanOnPush },
  };
};

export const putImageTagMutability: Operation<'ecr', 'PutImageTagMutability'> = (input, call) => {
  const repository = openRepository(call, input);
  const mutability = input.imageTagMutability ?? 'MUTABLE';
  const exclusions = input.imageTagMutabilityExclusionFilters;
  changeRepository(call, repository, { mutability, exclusions: exclusions?.length ? exclusions : undefined });
  return {
    registryId: call.account,
    repositoryName: repository.name,
    imageTagMutability: mutability,
    ...(exclusions?.length ? { imageTagMutabilityExclusionFilters: exclusions } : {}),
  };
};
