import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { expectedCondition } from '../legacy/expected';
import { useTable } from '../tables/catalog';
import { checkItem } from '../values/check';
import { consumed, wantsCapacity } from './capacity';
import { collectionMetrics } from './collection-metrics';
import { requireCondition } from './conditional';
import { checkKey } from './item-key';
import { write } from './write';

export const deleteItem: Operation<'dynamodb', 'DeleteItem'> = (input, call) => {
  checkParameters(input, ['ConditionExpression'], ['Expected', 'ConditionalOperator']);
  const given = checkItem(input.Key ?? {});
  if (input.ReturnValues && input.ReturnValues !== 'ALL_OLD' && input.ReturnValues !== 'NONE') {
    throw invalid('ReturnValues can only be ALL_OLD or NONE');
  }
  const condition = expectedCondition(input) ?? readExpressions(input).condition;
  const table = useTable(call, input.TableName);
  const { key, bytes } = checkKey(table, given);
  const mode = input.ReturnConsumedCapacity;
  const { old, units } = call.store.transaction(() => {
    const old = table.items.get(bytes);
    requireCondition(condition, old, input.ReturnValuesOnConditionCheckFailure);
    return { old, units: write(call, { table, bytes, old, next: undefined }, wantsCapacity(mode)) };
  });
  const metrics = collectionMetrics(input.ReturnItemCollectionMetrics, table, key);
  return {
    ...(input.ReturnValues === 'ALL_OLD' && old && { Attributes: old }),
    ...(units && { ConsumedCapacity: consumed(mode, input.TableName, units) }),
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
};
