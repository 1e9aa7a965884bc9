import type { Operation } from '../../../kernel';
import { describedTable, tableRecords } from './catalog';
import { countsOf } from './counts';
import { describe } from './describe';

export const describeTable: Operation<'dynamodb', 'DescribeTable'> = (input, call) => {
  const table = describedTable(call, input.TableName);
  const counts = countsOf(call, table);
  return { Table: describe(table.record, { status: 'ACTIVE', ...(counts && { counts }) }) };
};

export const listTables: Operation<'dynamodb', 'ListTables'> = (input, call) => {
  const limit = input.Limit ?? 100;
  const names: string[] = [];
  for (const { name } of tableRecords(call.store, input.ExclusiveStartTableName)) {
    if (names.length === limit) return { TableNames: names, LastEvaluatedTableName: names[names.length - 1] };
    names.push(name);
  }
  return { TableNames: names };
};

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html (what a new account may use) */
export const describeLimits: Operation<'dynamodb', 'DescribeLimits'> = () => ({
  AccountMaxReadCapacityUnits: 80_000,
  AccountMaxWriteCapacityUnits: 80_000,
  TableMaxReadCapacityUnits: 40_000,
  TableMaxWriteCapacityUnits: 40_000,
});

export const describeEndpoints: Operation<'dynamodb', 'DescribeEndpoints'> = (_input, call) => ({
  Endpoints: [{ Address: `dynamodb.${call.region}.amazonaws.com`, CachePeriodInMinutes: 1440 }],
});
