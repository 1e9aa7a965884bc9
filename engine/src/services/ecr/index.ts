import { defineService } from '../../kernel';
import { getAuthorizationToken } from './authorization';
import * as images from './images';
import * as policies from './policies';
import * as repositories from './repositories';
import { listTagsForResource, tagResource, untagResource } from './tags';

export default defineService({
  name: 'ecr',
  operations: {
    BatchDeleteImage: images.batchDeleteImage,
    BatchGetImage: images.batchGetImage,
    CreateRepository: repositories.createRepository,
    DeleteLifecyclePolicy: policies.deleteLifecyclePolicy,
    DeleteRepository: repositories.deleteRepository,
    DeleteRepositoryPolicy: policies.deleteRepositoryPolicy,
    DescribeImages: images.describeImages,
    DescribeRepositories: repositories.describeRepositories,
    GetAuthorizationToken: getAuthorizationToken,
    GetLifecyclePolicy: policies.getLifecyclePolicy,
    GetRepositoryPolicy: policies.getRepositoryPolicy,
    ListImages: images.listImages,
    ListTagsForResource: listTagsForResource,
    PutImage: images.putImage,
    PutImageScanningConfiguration: repositories.putImageScanningConfiguration,
    PutImageTagMutability: repositories.putImageTagMutability,
    PutLifecyclePolicy: policies.putLifecyclePolicy,
    SetRepositoryPolicy: policies.setRepositoryPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
});
