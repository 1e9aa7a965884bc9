import { defineService } from '../../kernel';
import {
  createCacheCluster,
  deleteCacheCluster,
  describeCacheClusters,
  removeCluster,
  startCluster,
} from './clusters';
import {
  createCacheParameterGroup,
  deleteCacheParameterGroup,
  describeCacheParameterGroups,
  modifyCacheParameterGroup,
} from './parameter-groups';
import {
  createReplicationGroup,
  deleteReplicationGroup,
  describeReplicationGroups,
  modifyReplicationGroup,
  removeGroup,
  startGroup,
} from './replication-groups';
import { allSettled } from './runtime';
import { clusters, groups } from './store';
import {
  createCacheSubnetGroup,
  deleteCacheSubnetGroup,
  describeCacheSubnetGroups,
  modifyCacheSubnetGroup,
} from './subnet-groups';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags';

export default defineService({
  name: 'elasticache',
  operations: {
    AddTagsToResource: addTagsToResource,
    CreateCacheCluster: createCacheCluster,
    CreateCacheParameterGroup: createCacheParameterGroup,
    CreateCacheSubnetGroup: createCacheSubnetGroup,
    CreateReplicationGroup: createReplicationGroup,
    DeleteCacheCluster: deleteCacheCluster,
    DeleteCacheParameterGroup: deleteCacheParameterGroup,
    DeleteCacheSubnetGroup: deleteCacheSubnetGroup,
    DeleteReplicationGroup: deleteReplicationGroup,
    DescribeCacheClusters: describeCacheClusters,
    DescribeCacheParameterGroups: describeCacheParameterGroups,
    DescribeCacheSubnetGroups: describeCacheSubnetGroups,
    DescribeReplicationGroups: describeReplicationGroups,
    ListTagsForResource: listTagsForResource,
    ModifyCacheParameterGroup: modifyCacheParameterGroup,
    ModifyCacheSubnetGroup: modifyCacheSubnetGroup,
    ModifyReplicationGroup: modifyReplicationGroup,
    RemoveTagsFromResource: removeTagsFromResource,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  /** What ran when the engine ended runs again; a deletion that was cut off is finished. */
  start(host, stores) {
    for (const { account, region } of stores.scopes()) {
      const store = stores.of(account, region);
      for (const record of [...groups(store).values()]) {
        if (record.description.Status === 'deleting') removeGroup(host, store, record);
        else startGroup(host, store, record);
      }
      for (const record of [...clusters(store).values()]) {
        if (record.description.CacheClusterStatus === 'deleting') removeCluster(host, store, record);
        else startCluster(host, store, record);
      }
    }
  },
  stop: (host) => allSettled(host),
});
