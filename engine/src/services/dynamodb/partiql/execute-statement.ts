import type { ExecuteStatementCommandInput } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call, isAwsError, type Operation } from '../../../kernel';
import { invalid } from '../errors';
import { deleteItem } from '../items/delete-item';
import { putItem } from '../items/put-item';
import { query } from '../items/query';
import { scan } from '../items/scan';
import { updateItem } from '../items/update-item';
import { useTable } from '../tables/catalog';
import { keyOfToken, tokenOf } from './next-token';
import { readStatement, type Select, type Statement } from './statement';
import { deleteOf, putOf, readOf, updateOf } from './translate';

/** PartiQL in terms of the item operations: a statement is read, put into expressions, and run as one of them. */
export const executeStatement: Operation<'dynamodb', 'ExecuteStatement'> = async (input, call) => {
  const statement = readStatement(input.Statement ?? '', input.Parameters);
  if (statement.kind === 'select') return runSelect(statement, input, call);
  const { ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure } = input;
  const how = { ReturnConsumedCapacity, ReturnValuesOnConditionCheckFailure };
  const { Attributes, ConsumedCapacity } = await runWrite(statement, how, call);
  return {
    Items: Attributes ? [Attributes] : [],
    ...(ConsumedCapacity && { ConsumedCapacity }),
  };
};

type How = Pick<
  ExecuteStatementCommandInput,
  'ReturnConsumedCapacity' | 'ReturnValuesOnConditionCheckFailure'
>;

export async function runWrite(statement: Exclude<Statement, Select>, how: How, call: Call) {
  const table = useTable(call, statement.table);
  switch (statement.kind) {
    case 'insert':
      try {
        return await putItem({ ...putOf(table, statement), ...how }, call);
      } catch (error) {
        if (!isAwsError(error, 'ConditionalCheckFailedException')) throw error;
        throw new AwsError('DuplicateItemException', 'Duplicate primary key exists in table', {
          members: error.members,
        });
      }
    case 'update': {
      const update = { ...updateOf(table, statement), ReturnValues: statement.returning };
      return updateItem({ ...update, ...how }, call);
    }
    case 'delete': {
      if (statement.returning && statement.returning !== 'ALL_OLD') {
        throw invalid(`Unsupported RETURNING clause for DELETE: only ALL OLD * is supported`);
      }
      return deleteItem({ ...deleteOf(table, statement), ReturnValues: statement.returning, ...how }, call);
    }
  }
}

async function runSelect(statement: Select, input: ExecuteStatementCommandInput, call: Call) {
  const read = readOf(useTable(call, statement.table), statement);
  const page = {
    Limit: input.Limit,
    ConsistentRead: input.ConsistentRead,
    ReturnConsumedCapacity: input.ReturnConsumedCapacity,
    ExclusiveStartKey: input.NextToken === undefined ? undefined : keyOfToken(input.NextToken),
  };
  const output =
    'query' in read
      ? await query({ ...read.query, ...page }, call)
      : await scan({ ...read.scan, ...page }, call);
  const { Items, LastEvaluatedKey, ConsumedCapacity } = output;
  return {
    Items,
    ...(LastEvaluatedKey && { LastEvaluatedKey, NextToken: tokenOf(LastEvaluatedKey) }),
    ...(ConsumedCapacity && { ConsumedCapacity }),
  };
}
