import { defineService } from '../../kernel';
import { describeImages, getAuthorizationToken, listImages } from './images';
import * as policies from './policies';
import * as repositories from './repositories';
import { listTagsForResource, tagResource, untagResource } from './tags';

export default defineService({
  name: 'ecr',
  operations: {
    CreateRepository: repositories.createRepository,
    DeleteLifecyclePolicy: policies.deleteLifecyclePolicy,
    DeleteRepository: repositories.deleteRepository,
    DeleteRepositoryPolicy: policies.deleteRepositoryPolicy,
    DescribeImages: describeImages,
    DescribeRepositories: repositories.describeRepositories,
    GetAuthorizationToken: getAuthorizationToken,
    GetLifecyclePolicy: policies.getLifecyclePolicy,
    GetRepositoryPolicy: policies.getRepositoryPolicy,
    ListImages: listImages,
    ListTagsForResource: listTagsForResource,
    PutImageScanningConfiguration: repositories.putImageScanningConfiguration,
    PutImageTagMutability: repositories.putImageTagMutability,
    PutLifecyclePolicy: policies.putLifecyclePolicy,
    SetRepositoryPolicy: policies.setRepositoryPolicy,
    TagResource: tagResource,
    UntagResource: untagResource,
  },
  resources: () => import('./resources').then((module) => module.default),
});
