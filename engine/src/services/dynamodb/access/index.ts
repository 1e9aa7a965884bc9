import { type Access, arn, type Call, type Needed } from '../../../kernel';
import { itemKeys, queryKeys } from './item-keys';
import { statementNeeds } from './partiql';
import { onTable } from './table-needs';

const anywhere = (action: string) => (): Needed => ({ action: `dynamodb:${action}`, resource: '*' });

const named =
  (action: string) =>
  (input: { TableName?: string | undefined }, call: Call): Needed =>
    onTable(call, action, input.TableName);

const byArn =
  (action: string) =>
  (input: { ResourceArn?: string | undefined }, call: Call): Needed =>
    onTable(call, action, input.ResourceArn);

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
const access: Access<'dynamodb'> = {
  CreateTable: (input, call) => [
    named('CreateTable')(input, call),
    ...(input.Tags?.length ? [named('TagResource')(input, call)] : []),
  ],
  DescribeTable: named('DescribeTable'),
  UpdateTable: named('UpdateTable'),
  DeleteTable: named('DeleteTable'),
  ListTables: anywhere('ListTables'),
  DescribeLimits: anywhere('DescribeLimits'),
  // Whoever may talk to DynamoDB at all may ask where it is.
  DescribeEndpoints: anywhere('DescribeEndpoints'),
  TagResource: byArn('TagResource'),
  UntagResource: byArn('UntagResource'),
  ListTagsOfResource: byArn('ListTagsOfResource'),
  UpdateTimeToLive: named('UpdateTimeToLive'),
  DescribeTimeToLive: named('DescribeTimeToLive'),
  UpdateContinuousBackups: named('UpdateContinuousBackups'),
  DescribeContinuousBackups: named('DescribeContinuousBackups'),
  DescribeContributorInsights: named('DescribeContributorInsights'),
  DescribeKinesisStreamingDestination: named('DescribeKinesisStreamingDestination'),
  ListBackups: anywhere('ListBackups'),
  ListGlobalTables: (_input, call) => ({
    action: 'dynamodb:ListGlobalTables',
    resource: arn('dynamodb', '', call.account, 'global-table/*'),
  }),
  GetItem: (input, call) =>
    onTable(call, 'GetItem', input.TableName, itemKeys(call, input.TableName, [input.Key], input)),
  PutItem: (input, call) =>
    onTable(call, 'PutItem', input.TableName, itemKeys(call, input.TableName, [input.Item], input)),
  UpdateItem: (input, call) =>
    onTable(call, 'UpdateItem', input.TableName, itemKeys(call, input.TableName, [input.Key], input)),
  DeleteItem: (input, call) =>
    onTable(call, 'DeleteItem', input.TableName, itemKeys(call, input.TableName, [input.Key], input)),
  Query: (input, call) => onTable(call, 'Query', input.TableName, queryKeys(call, input), input.IndexName),
  Scan: (input, call) =>
    onTable(call, 'Scan', input.TableName, itemKeys(call, input.TableName, [], input), input.IndexName),
  BatchGetItem: (input, call) =>
    Object.entries(input.RequestItems ?? {}).map(([table, asked]) => {
      const keys = itemKeys(call, table, asked.Keys ?? [], asked);
      return onTable(call, 'BatchGetItem', table, keys);
    }),
  BatchWriteItem: (input, call) =>
    Object.entries(input.RequestItems ?? {}).map(([table, writes]) => {
      const items = writes.map((write) => write.PutRequest?.Item ?? write.DeleteRequest?.Key);
      return onTable(call, 'BatchWriteItem', table, itemKeys(call, table, items, {}));
    }),
  // A transaction needs what its parts would need by themselves.
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
  TransactGetItems: (input, call) =>
    (input.TransactItems ?? []).map(({ Get }) => {
      const keys = itemKeys(call, Get?.TableName, [Get?.Key], Get ?? {});
      return onTable(call, 'GetItem', Get?.TableName, { ...keys, ...ENCLOSED.get });
    }),
  TransactWriteItems: (input, call) =>
    (input.TransactItems ?? []).flatMap(({ Put, Update, Delete, ConditionCheck }) => {
      const parts = [
        ['PutItem', Put, Put?.Item],
        ['UpdateItem', Update, Update?.Key],
        ['DeleteItem', Delete, Delete?.Key],
        ['ConditionCheckItem', ConditionCheck, ConditionCheck?.Key],
      ] as const;
      return parts.flatMap(([action, part, item]) => {
        if (!part) return [];
        const keys = { ...itemKeys(call, part.TableName, [item], part), ...ENCLOSED.write };
        return [onTable(call, action, part.TableName, keys)];
      });
    }),
  ExecuteStatement: (input, call) => statementNeeds(call, input.Statement, input.Parameters),
  BatchExecuteStatement: (input, call) =>
    (input.Statements ?? []).flatMap((one) => statementNeeds(call, one.Statement, one.Parameters)),
  ExecuteTransaction: (input, call) =>
    (input.TransactStatements ?? []).flatMap((one) => statementNeeds(call, one.Statement, one.Parameters)),
};

const ENCLOSED = {
  get: { 'dynamodb:EnclosingOperation': 'TransactGetItems' },
  write: { 'dynamodb:EnclosingOperation': 'TransactWriteItems' },
};

export default access;
