import { defineService } from '../../kernel';
import { describeDBEngineVersions } from './engine-versions';
import {
  createDBInstance,
  deleteDBInstance,
  describeDBInstances,
  modifyDBInstance,
  rebootDBInstance,
  startDBInstance,
  stopDBInstance,
} from './instances';
import {
  createDBParameterGroup,
  deleteDBParameterGroup,
  describeDBParameterGroups,
  describeDBParameters,
  modifyDBParameterGroup,
  resetDBParameterGroup,
} from './parameter-groups';
import { allSettled, removeInstance, startInstance } from './runtime';
import { instances } from './store';
import {
  createDBSubnetGroup,
  deleteDBSubnetGroup,
  describeDBSubnetGroups,
  modifyDBSubnetGroup,
} from './subnet-groups';
import { addTagsToResource, listTagsForResource, removeTagsFromResource } from './tags';

export default defineService({
  name: 'rds',
  operations: {
    AddTagsToResource: addTagsToResource,
    CreateDBInstance: createDBInstance,
    CreateDBParameterGroup: createDBParameterGroup,
    CreateDBSubnetGroup: createDBSubnetGroup,
    DeleteDBInstance: deleteDBInstance,
    DeleteDBParameterGroup: deleteDBParameterGroup,
    DeleteDBSubnetGroup: deleteDBSubnetGroup,
    DescribeDBEngineVersions: describeDBEngineVersions,
    DescribeDBInstances: describeDBInstances,
    DescribeDBParameterGroups: describeDBParameterGroups,
    DescribeDBParameters: describeDBParameters,
    DescribeDBSubnetGroups: describeDBSubnetGroups,
    ListTagsForResource: listTagsForResource,
    ModifyDBInstance: modifyDBInstance,
    ModifyDBParameterGroup: modifyDBParameterGroup,
    ModifyDBSubnetGroup: modifyDBSubnetGroup,
    RebootDBInstance: rebootDBInstance,
    RemoveTagsFromResource: removeTagsFromResource,
    ResetDBParameterGroup: resetDBParameterGroup,
    StartDBInstance: startDBInstance,
    StopDBInstance: stopDBInstance,
  },
  resources: () => import('./resources').then((module) => module.default),
  /** Instances that ran when the engine ended run again; a deletion that was cut off is finished. */
  start(host, stores) {
    for (const { account, region } of stores.scopes()) {
      const store = stores.of(account, region);
      for (const record of [...instances(store).values()]) {
        const status = record.description.DBInstanceStatus;
        if (status === 'deleting') removeInstance(host, store, record);
        else if (status !== 'stopped' && status !== 'stopping') startInstance(host, store, record);
      }
    }
  },
  /** Work under way is let end: its last write is the instance's status. */
  stop: (host) => allSettled(host),
});
