import type {
  BatchStatementErrorCodeEnum,
  BatchStatementRequest,
  BatchStatementResponse,
  TransactGetItem,
  TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { AwsError, type Call, isAwsError, notImplemented, type Operation } from '../../../kernel';
import { invalid } from '../errors';
import { getItem } from '../items/get-item';
import { transactGetItems } from '../items/transact-get-items';
import { transactWriteItems } from '../items/transact-write-items';
import { cancelled, type Reason } from '../items/transaction';
import { useTable } from '../tables/catalog';
import { runWrite } from './execute-statement';
import { readStatement, type Statement } from './statement';
import { deleteOf, getOf, putOf, updateOf } from './translate';

const ERROR_CODES: Record<string, BatchStatementErrorCodeEnum> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  DuplicateItemException: 'DuplicateItem',
  ResourceNotFoundException: 'ResourceNotFound',
  ValidationException: 'ValidationError',
};

export const batchExecuteStatement: Operation<'dynamodb', 'BatchExecuteStatement'> = async (input, call) => {
  if (input.ReturnConsumedCapacity && input.ReturnConsumedCapacity !== 'NONE') {
    throw notImplemented('DynamoDB BatchExecuteStatement ReturnConsumedCapacity');
  }
  const requests = input.Statements ?? [];
  const statements = requests.map((each) => readStatement(each.Statement ?? '', each.Parameters));
  refuseMixture(statements);
  const Responses: BatchStatementResponse[] = [];
  for (const [i, statement] of statements.entries()) {
    Responses.push(await one(statement, requests[i], call));
  }
  return { Responses };
};

async function one(
  statement: Statement,
  request: BatchStatementRequest | undefined,
  call: Call,
): Promise<BatchStatementResponse> {
  const TableName = statement.table;
  try {
    if (statement.kind !== 'select') {
      const { ReturnValuesOnConditionCheckFailure } = request ?? {};
      await runWrite(statement, { ReturnValuesOnConditionCheckFailure }, call);
      return { TableName };
    }
    const get = getOf(useTable(call, TableName), statement);
    const { Item } = await getItem({ ...get, ConsistentRead: request?.ConsistentRead }, call);
    return { TableName, ...(Item && { Item }) };
  } catch (error) {
    const code = isAwsError(error) ? ERROR_CODES[error.code] : undefined;
    if (!code || !(error instanceof AwsError)) throw error;
    return { TableName, Error: { Code: code, Message: error.message, ...error.members } };
  }
}

export const executeTransaction: Operation<'dynamodb', 'ExecuteTransaction'> = async (input, call) => {
  const statements = (input.TransactStatements ?? []).map((each) =>
    readStatement(each.Statement ?? '', each.Parameters),
  );
  refuseMixture(statements);
  const { ReturnConsumedCapacity, ClientRequestToken } = input;
  if (statements.every((statement) => statement.kind === 'select')) {
    const TransactItems = statements.map((statement): TransactGetItem => {
      if (statement.kind !== 'select') throw new Error('a write among the reads of a transaction');
      return { Get: getOf(useTable(call, statement.table), statement) };
    });
    return transactGetItems({ TransactItems, ReturnConsumedCapacity }, call);
  }
  const TransactItems = statements.map((statement, i) => {
    const { ReturnValuesOnConditionCheckFailure } = input.TransactStatements?.[i] ?? {};
    return writeOf(statement, { ReturnValuesOnConditionCheckFailure }, call);
  });
  try {
    const { ConsumedCapacity } = await transactWriteItems(
      { TransactItems, ReturnConsumedCapacity, ClientRequestToken },
      call,
    );
    return { Responses: [], ...(ConsumedCapacity && { ConsumedCapacity }) };
  } catch (error) {
    throw namingDuplicates(error, statements);
  }
};

type How = Pick<BatchStatementRequest, 'ReturnValuesOnConditionCheckFailure'>;

function writeOf(statement: Statement, how: How, call: Call): TransactWriteItem {
  const table = useTable(call, statement.table);
  if (statement.kind === 'insert') return { Put: { ...putOf(table, statement), ...how } };
  if (statement.kind === 'delete') return { Delete: { ...deleteOf(table, statement), ...how } };
  if (statement.kind === 'update') {
    return { Update: { ...updateOf(table, statement), UpdateExpression: statement.expression, ...how } };
  }
  throw new Error('a read among the writes of a transaction');
}

/** What an INSERT fails for is not a condition of the user's. */
function namingDuplicates(error: unknown, statements: readonly Statement[]): unknown {
  if (!isAwsError(error, 'TransactionCanceledException')) return error;
  const reasons = error.members.CancellationReasons as Reason[];
  return cancelled(
    reasons.map((reason, i) =>
      reason.Code === 'ConditionalCheckFailed' && statements[i]?.kind === 'insert'
        ? { ...reason, Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' }
        : reason,
    ),
  );
}

function refuseMixture(statements: readonly Statement[]): void {
  if (statements.some((statement) => 'returning' in statement)) {
    throw notImplemented('DynamoDB PartiQL RETURNING in a batch or a transaction');
  }
  const reads = statements.filter((statement) => statement.kind === 'select').length;
  if (reads === 0 || reads === statements.length) return;
  throw invalid('Transactions and batches consist of either all reads or all writes, not a mixture of both.');
}
