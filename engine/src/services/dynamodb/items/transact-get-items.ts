import type { Operation } from '../../../kernel';
import { type AwsError, isAwsError } from '../../../kernel';
import { invalid } from '../errors';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { project } from '../expressions/paths';
import { useTable } from '../tables/catalog';
import { checkItem } from '../values/check';
import { itemSize } from '../values/size';
import { consumed, readUnits, UnitsSum, wantsCapacity } from './capacity';
import { checkKey } from './item-key';
import { checkKeyPaths } from './key-paths';
import { cancelled, type Reason } from './transaction';

const MAX_BYTES = 4 * 1024 * 1024;

export const transactGetItems: Operation<'dynamodb', 'TransactGetItems'> = (input, call) => {
  const gets = (input.TransactItems ?? []).map(({ Get }) => {
    if (!Get) throw invalid('Invalid Request: TransactGetRequest should contain Get request');
    checkParameters(Get, ['ProjectionExpression']);
    return { given: Get.TableName, key: checkItem(Get.Key ?? {}), ...readExpressions(Get) };
  });
  const located = gets.map((get) => ({ ...get, table: useTable(call, get.given) }));
  const sums = new Map<string, UnitsSum>();
  const reasons: Reason[] = [];
  let bytes = 0;
  const Responses = located.map(({ given, table, key, projection }) => {
    try {
      const position = checkKey(table, key).bytes;
      if (projection) checkKeyPaths(table, projection);
      const item = table.items.get(position);
      const size = item ? itemSize(item) : 0;
      bytes += size;
      const sum = sums.get(given ?? '') ?? new UnitsSum();
      // A transactional read is a prepare and a commit.
      sum.add({ table: readUnits(size, true), indexes: [] }, 2);
      sums.set(given ?? '', sum);
      reasons.push({ Code: 'None' });
      return item ? { Item: projection ? project(item, projection) : item } : {};
    } catch (error) {
      if (!isAwsError(error, 'ValidationException') || isEmptyKey(error)) throw error;
      reasons.push({ Code: 'ValidationError', Message: error.message });
      return {};
    }
  });
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  if (bytes > MAX_BYTES) {
    throw invalid('The aggregate size of the items in the transaction cannot exceed 4 MB');
  }
  const mode = input.ReturnConsumedCapacity;
  const capacity = [...sums].map(([given, sum]) => consumed(mode, given, sum, 'ReadCapacityUnits'));
  return { Responses, ...(wantsCapacity(mode) && { ConsumedCapacity: capacity }) };
};

/** AWS refuses empty keys before the transaction begins. */
export function isEmptyKey(error: AwsError): boolean {
  return error.message.startsWith('One or more parameter values are not valid.');
}
