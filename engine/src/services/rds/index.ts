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
import { restoreDBInstanceFromDBSnapshot } from './restore';
import { allSettled, removeInstance, snapshotInstance, startInstance } from './runtime';
import { createDBSnapshot, deleteDBSnapshot, describeDBSnapshots } from './snapshots';
import { instances, snapshots } from './store';
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
    CreateDBSnapshot: createDBSnapshot,
    CreateDBSubnetGroup: createDBSubnetGroup,
    DeleteDBInstance: deleteDBInstance,
    DeleteDBParameterGroup: deleteDBParameterGroup,
    DeleteDBSnapshot: deleteDBSnapshot,
    DeleteDBSubnetGroup: deleteDBSubnetGroup,
    DescribeDBEngineVersions: describeDBEngineVersions,
    DescribeDBInstances: describeDBInstances,
    DescribeDBParameterGroups: describeDBParameterGroups,
    DescribeDBParameters: describeDBParameters,
    DescribeDBSnapshots: describeDBSnapshots,
    DescribeDBSubnetGroups: describeDBSubnetGroups,
    ListTagsForResource: listTagsForResource,
    ModifyDBInstance: modifyDBInstance,
    ModifyDBParameterGroup: modifyDBParameterGroup,
    ModifyDBSubnetGroup: modifyDBSubnetGroup,
    RebootDBInstance: rebootDBInstance,
    RemoveTagsFromResource: removeTagsFromResource,
    ResetDBParameterGroup: resetDBParameterGroup,
    RestoreDBInstanceFromDBSnapshot: restoreDBInstanceFromDBSnapshot,
    StartDBInstance: startDBInstance,
    StopDBInstance: stopDBInstance,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  /** Instances that ran when the engine ended run again; a deletion or a snapshot that was cut off is finished. */
  start(host, stores) {
    for (const { account, region } of stores.scopes()) {
      const store = stores.of(account, region);
      for (const record of [...instances(store).values()]) {
        const { DBInstanceStatus: status, DBInstanceIdentifier } = record.description;
        const pending = [...snapshots(store).values()].find(
          ({ description }) =>
            description.Status === 'creating' && description.DBInstanceIdentifier === DBInstanceIdentifier,
        );
        if (status === 'deleting') removeInstance(host, store, record, pending);
        else if (pending) snapshotInstance(host, store, record, pending);
        else if (status !== 'stopped' && status !== 'stopping') startInstance(host, store, record);
      }
    }
  },
  /** Work under way is let end: its last write is the instance's status. */
  stop: (host) => allSettled(host),
});
