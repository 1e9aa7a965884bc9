import type { ImageTagMutability, ImageTagMutabilityExclusionFilter, Tag } from '@aws-sdk/client-ecr';
import { type Call, defineResource } from '../../kernel';
import { resourceTags, tagChanges, unlessGone } from '../../kernel/tags';
import { repositoryUri } from './store';

interface Properties {
  RepositoryName?: string;
  EmptyOnDelete?: unknown;
  ImageTagMutability?: ImageTagMutability;
  ImageTagMutabilityExclusionFilters?: {
    ImageTagMutabilityExclusionFilterType: 'WILDCARD';
    ImageTagMutabilityExclusionFilterValue: string;
  }[];
  ImageScanningConfiguration?: { ScanOnPush?: unknown };
  EncryptionConfiguration?: { EncryptionType: 'AES256' | 'KMS'; KmsKey?: string };
  LifecyclePolicy?: { LifecyclePolicyText?: string; RegistryId?: string };
  RepositoryPolicyText?: unknown;
  Tags?: { Key: string; Value: string }[];
}

const flag = (value: unknown): boolean => value === true || value === 'true';

function exclusions(properties: Properties): ImageTagMutabilityExclusionFilter[] | undefined {
  return properties.ImageTagMutabilityExclusionFilters?.map((one) => ({
    filterType: one.ImageTagMutabilityExclusionFilterType,
    filter: one.ImageTagMutabilityExclusionFilterValue,
  }));
}

async function policies(call: Call, repositoryName: string, now: Properties, before: Properties) {
  const lifecyclePolicyText = now.LifecyclePolicy?.LifecyclePolicyText;
  if (lifecyclePolicyText !== undefined) {
    await call.invoke('ecr', 'PutLifecyclePolicy', { repositoryName, lifecyclePolicyText });
  } else if (before.LifecyclePolicy?.LifecyclePolicyText !== undefined) {
    await call.invoke('ecr', 'DeleteLifecyclePolicy', { repositoryName });
  }
  const policy = now.RepositoryPolicyText;
  if (policy !== undefined) {
    const policyText = typeof policy === 'string' ? policy : JSON.stringify(policy);
    await call.invoke('ecr', 'SetRepositoryPolicy', { repositoryName, policyText });
  } else if (before.RepositoryPolicyText !== undefined) {
    await call.invoke('ecr', 'DeleteRepositoryPolicy', { repositoryName });
  }
}

function provisioned(call: Call, name: string) {
  return {
    physicalId: name,
    attributes: {
      Arn: `arn:aws:ecr:${call.region}:${call.account}:repository/${name}`,
      RepositoryUri: repositoryUri(call, name),
    },
  };
}

const repository = defineResource<Properties>({
  type: 'AWS::ECR::Repository',
  properties: {
    RepositoryName: true,
    EmptyOnDelete: true,
    ImageTagMutability: true,
    ImageTagMutabilityExclusionFilters: true,
    ImageScanningConfiguration: { ScanOnPush: true },
    EncryptionConfiguration: { EncryptionType: true, KmsKey: true },
    LifecyclePolicy: { LifecyclePolicyText: true },
    RepositoryPolicyText: true,
    Tags: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const repositoryName = properties.RepositoryName ?? resource.name({ maxLength: 256, lowercase: true });
    const encryption = properties.EncryptionConfiguration;
    const filters = exclusions(properties);
    await call.invoke('ecr', 'CreateRepository', {
      repositoryName,
      tags: resourceTags(resource, properties.Tags) satisfies Tag[],
      ...(properties.ImageTagMutability ? { imageTagMutability: properties.ImageTagMutability } : {}),
      ...(filters ? { imageTagMutabilityExclusionFilters: filters } : {}),
      imageScanningConfiguration: { scanOnPush: flag(properties.ImageScanningConfiguration?.ScanOnPush) },
      ...(encryption
        ? {
            encryptionConfiguration: {
              encryptionType: encryption.EncryptionType,
              ...(encryption.KmsKey === undefined ? {} : { kmsKey: encryption.KmsKey }),
            },
          }
        : {}),
    });
    try {
      await policies(call, repositoryName, properties, {});
    } catch (error) {
      await call.invoke('ecr', 'DeleteRepository', { repositoryName });
      throw error;
    }
    return provisioned(call, repositoryName);
  },

  async update({ call, properties, previous, physicalId }) {
    const filters = exclusions(properties);
    await call.invoke('ecr', 'PutImageTagMutability', {
      repositoryName: physicalId,
      imageTagMutability: properties.ImageTagMutability ?? 'MUTABLE',
      ...(filters ? { imageTagMutabilityExclusionFilters: filters } : {}),
    });
    await call.invoke('ecr', 'PutImageScanningConfiguration', {
      repositoryName: physicalId,
      imageScanningConfiguration: { scanOnPush: flag(properties.ImageScanningConfiguration?.ScanOnPush) },
    });
    await policies(call, physicalId, properties, previous);
    const { set, removed } = tagChanges(previous.Tags, properties.Tags);
    const result = provisioned(call, physicalId);
    const resourceArn = result.attributes.Arn;
    if (set.length > 0) await call.invoke('ecr', 'TagResource', { resourceArn, tags: set });
    if (removed.length > 0) await call.invoke('ecr', 'UntagResource', { resourceArn, tagKeys: removed });
    return result;
  },

  async delete({ call, physicalId, properties }) {
    await unlessGone(
      call.invoke('ecr', 'DeleteRepository', {
        repositoryName: physicalId,
        force: flag(properties.EmptyOnDelete),
      }),
      'RepositoryNotFoundException',
    );
  },
});

export default [repository];
