import type {
  EncryptionConfiguration,
  ImageTagMutability,
  ImageTagMutabilityExclusionFilter,
  Tag,
} from '@aws-sdk/client-ecr';
import { AwsError, arn, type Call } from '../../kernel';

/** A repository. Its images' layers are in the machine's Docker. */
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

/** An image that was pushed. */
export interface ImageRecord {
  repository: string;
  digest: string;
  manifest: string;
  mediaType: string;
  /** Bytes of its layers, compressed. */
  size: number;
  pushed: number;
  /** Media type of its configuration. */
  config?: string;
}

export function images(call: Call) {
  return {
    byDigest: call.store.collection<ImageRecord>('images'),
    byTag: call.store.collection<string>('image-tags'),
  };
}

/** The local Docker's name of what was pushed: it keeps the image there, and leads Lambda to it. */
export function localName(call: Call, name: string, digest: string): string {
  return `${call.account}.dkr.ecr.${call.region}.amazonaws.com/${name}:${digest.replace(':', '-')}`;
}

/** The tags of a repository's images, by their digests. */
export function tagsOf(call: Call, name: string): (digest: string) => string[] {
  const tags = new Map<string, string[]>();
  for (const { key, value } of images(call).byTag.entries({ prefix: [name] }))
    tags.set(value, [...(tags.get(value) ?? []), String(key[1])]);
  return (digest) => tags.get(digest) ?? [];
}

/**
 * Where Docker reaches the registry: at the engine's own port, which it takes without TLS on loopback. AWS's names
 * would lead it to the real AWS.
 */
export function registryAddress(call: Pick<Call, 'http' | 'parts'>): string {
  const [, port] =
    /^(?:localhost|127\.0\.0\.1|localhost\.localstack\.cloud):(\d+)$/.exec(call.http?.host ?? '') ?? [];
  return `127.0.0.1:${port ?? call.parts.addresses.port}`;
}

export function repositoryUri(call: Call, name: string): string {
  return `${registryAddress(call)}/${call.account}/${call.region}/${name}`;
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
