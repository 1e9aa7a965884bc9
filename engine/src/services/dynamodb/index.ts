import { defineService } from '../../kernel';
import { startSweeps, stopSweeps } from './expiry/sweeper';
import { batchGetItem } from './items/batch-get-item';
import { batchWriteItem } from './items/batch-write-item';
import { deleteItem } from './items/delete-item';
import { getItem } from './items/get-item';
import { putItem } from './items/put-item';
import { query } from './items/query';
import { scan } from './items/scan';
import { transactGetItems } from './items/transact-get-items';
import { transactWriteItems } from './items/transact-write-items';
import { updateItem } from './items/update-item';
import { batchExecuteStatement, executeTransaction } from './partiql/execute-many';
import { executeStatement } from './partiql/execute-statement';
import { describeContinuousBackups, updateContinuousBackups } from './tables/backups';
import { createTable } from './tables/create-table';
import { deleteTable } from './tables/delete-table';
import {
  describeContributorInsights,
  describeKinesisStreamingDestination,
  listBackups,
  listGlobalTables,
} from './tables/nothing-there';
import { describeEndpoints, describeLimits, describeTable, listTables } from './tables/read-tables';
import { listTagsOfResource, tagResource, untagResource } from './tables/tags';
import { describeTimeToLive, updateTimeToLive } from './tables/time-to-live';
import { updateTable } from './tables/update-table';

export default defineService({
  name: 'dynamodb',
  operations: {
    CreateTable: createTable,
    DescribeTable: describeTable,
    UpdateTable: updateTable,
    DeleteTable: deleteTable,
    ListTables: listTables,
    DescribeLimits: describeLimits,
    DescribeEndpoints: describeEndpoints,
    TagResource: tagResource,
    UntagResource: untagResource,
    ListTagsOfResource: listTagsOfResource,
    UpdateTimeToLive: updateTimeToLive,
    DescribeTimeToLive: describeTimeToLive,
    UpdateContinuousBackups: updateContinuousBackups,
    DescribeContinuousBackups: describeContinuousBackups,
    DescribeContributorInsights: describeContributorInsights,
    DescribeKinesisStreamingDestination: describeKinesisStreamingDestination,
    ListBackups: listBackups,
    ListGlobalTables: listGlobalTables,
    GetItem: getItem,
    PutItem: putItem,
    UpdateItem: updateItem,
    DeleteItem: deleteItem,
    Query: query,
    Scan: scan,
    BatchGetItem: batchGetItem,
    BatchWriteItem: batchWriteItem,
    TransactGetItems: transactGetItems,
    TransactWriteItems: transactWriteItems,
    ExecuteStatement: executeStatement,
    BatchExecuteStatement: batchExecuteStatement,
    ExecuteTransaction: executeTransaction,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start: startSweeps,
  stop: stopSweeps,
});
