import { defineResource } from '../../../kernel';
import { createTable, deleteTable, updateTable } from './manage';
import type { TableProperties } from './properties';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html */
export const table = defineResource<TableProperties>({
  type: 'AWS::DynamoDB::Table',
  properties: {
    TableName: true,
    AttributeDefinitions: true,
    KeySchema: true,
    BillingMode: true,
    ProvisionedThroughput: true,
    OnDemandThroughput: true,
    WarmThroughput: true,
    GlobalSecondaryIndexes: {
      IndexName: true,
      KeySchema: true,
      Projection: true,
      ProvisionedThroughput: true,
      OnDemandThroughput: true,
      WarmThroughput: true,
    },
    LocalSecondaryIndexes: true,
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: true,
    SSESpecification: true,
    TableClass: true,
    Tags: true,
    TimeToLiveSpecification: true,
  },
  create: createTable,
  update: updateTable,
  delete: deleteTable,
});
