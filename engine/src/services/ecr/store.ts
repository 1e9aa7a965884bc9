import type {
  EncryptionConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  Tag,
} from '@aws-sdk/client-ecr';
import { AwsError, arn, type Call } from '../../kernel';

/** A repository. No image can be pushed to one: there is no registry behind it. */
export interface Repository {
  name: string;
  created: number;
  mutability: ImageTagMutability;
  exclusions?: ImageTagMutabilityExclusionFilter[];
  scanOnPush: boolean;
  encryption: EncryptionConfiguration;
  tags: Tag[];
  lifecyclePolicy?: string;
  policy?: string;
}

export function repositories(call: Call) {
  return call.store.collection<Repository>('repositories');
}

export function repositoryArn(call: Call, name: string): string {
  return arn('ecr', call.region, call.account, `repository/${name}`);
}

export interface RepositoryInput {
  registryId?: string | undefined;
  repositoryName?: string | undefined;
}

export function openRepository(call: Call, input: RepositoryInput): Repository {
  const name = input.repositoryName ?? '';
  const registry = input.registryId ?? call.account;
  const repository = registry === call.account ? repositories(call).get(name) : undefined;
  if (!repository) {
    throw new AwsError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${registry}'`,
    );
  }
  return repository;
}

export function changeRepository(call: Call, repository: Repository, change: Partial<Repository>): void {
  repositories(call).put(repository.name, { ...repository, ...change });
}

export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}
