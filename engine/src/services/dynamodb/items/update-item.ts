import type { ReturnValue } from '@aws-sdk/client-dynamodb';
import type { Operation } from '../../../kernel';
import type { Action } from '../expressions/ast';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { project } from '../expressions/paths';
import { attributeUpdates } from '../legacy/attribute-updates';
import { expectedCondition } from '../legacy/expected';
import { useTable } from '../tables/catalog';
import { checkItem } from '../values/check';
import type { Item } from '../values/value';
import { consumed, wantsCapacity } from './capacity';
import { checkUpdate, updated } from './change';
import { collectionMetrics } from './collection-metrics';
import { requireCondition } from './conditional';
import { checkKey } from './item-key';
import { write } from './write';

export const updateItem: Operation<'dynamodb', 'UpdateItem'> = (input, call) => {
  checkParameters(
    input,
    ['UpdateExpression', 'ConditionExpression'],
    ['AttributeUpdates', 'Expected', 'ConditionalOperator'],
  );
  const given = checkItem(input.Key ?? {});
  const legacyActions = attributeUpdates(input.AttributeUpdates);
  const legacyCondition = expectedCondition(input);
  const expressions = readExpressions(input);
  const actions = legacyActions ?? expressions.update ?? [];
  const condition = legacyCondition ?? expressions.condition;
  const table = useTable(call, input.TableName);
  const { key, bytes } = checkKey(table, given);
  checkUpdate(table, actions);
  const mode = input.ReturnConsumedCapacity;
  const { old, next, units } = call.store.transaction(() => {
    const old = table.items.get(bytes);
    requireCondition(condition, old, input.ReturnValuesOnConditionCheckFailure);
    const next = updated(table, key, old, actions);
    return { old, next, units: write(call, { table, bytes, old, next }, wantsCapacity(mode)) };
  });
  const attributes = returned(input.ReturnValues, old, next, actions);
  const metrics = collectionMetrics(input.ReturnItemCollectionMetrics, table, key);
  return {
    ...(attributes && Object.keys(attributes).length > 0 && { Attributes: attributes }),
    ...(units && { ConsumedCapacity: consumed(mode, input.TableName, units) }),
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
};

function returned(
  mode: ReturnValue | undefined,
  old: Item | undefined,
  next: Item,
  actions: readonly Action[],
): Item | undefined {
  const paths = () => actions.map((action) => action.path);
  switch (mode) {
    case 'ALL_OLD':
      return old;
    case 'ALL_NEW':
      return next;
    case 'UPDATED_OLD':
      return old && project(old, paths());
    case 'UPDATED_NEW':
      return project(next, paths());
    default:
      return undefined;
  }
}
