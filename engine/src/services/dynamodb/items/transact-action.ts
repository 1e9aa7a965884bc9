import type { ReturnValuesOnConditionCheckFailure, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { invalid } from '../errors';
import type { Action, Condition } from '../expressions/ast';
import { checkParameters, type ExpressionInput, readExpressions } from '../expressions/parameters';
import type { Table } from '../tables/table';
import { checkItem } from '../values/check';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import { checkUpdate, updated } from './change';
import { checkItemKeys, checkKey, type ItemKey } from './item-key';
import { checkPutSize } from './put-item';

/** One action of TransactWriteItems, as far as it can be read without its table. */
export interface TransactAction {
  kind: 'put' | 'update' | 'delete' | 'conditionCheck';
  given: string | undefined;
  condition: Condition | undefined;
  onFailure: ReturnValuesOnConditionCheckFailure | undefined;
  size: number;
  locate(table: Table): ItemKey;
  /** What is there afterwards; `old` itself where nothing is written. */
  apply(table: Table, key: Item, old: Item | undefined): Item | undefined;
  writes: boolean;
}

export function readAction(item: TransactWriteItem): TransactAction {
  const given = [item.ConditionCheck, item.Put, item.Delete, item.Update].filter(
    (each) => each !== undefined,
  );
  if (given.length > 1) {
    throw invalid('TransactItems can only contain one of Check, Put, Update or Delete');
  }
  if (item.Put) return put(item.Put);
  if (item.Update) return update(item.Update);
  if (item.Delete) return onKey('delete', item.Delete, () => undefined);
  if (item.ConditionCheck) return onKey('conditionCheck', item.ConditionCheck, (old) => old);
  throw invalid('Invalid Request: TransactWriteRequest should contain Delete or Put or Update request');
}

interface Request extends ExpressionInput {
  TableName: string | undefined;
  ReturnValuesOnConditionCheckFailure?: ReturnValuesOnConditionCheckFailure | undefined;
}

function common(request: Request, condition: Condition | undefined) {
  return { given: request.TableName, condition, onFailure: request.ReturnValuesOnConditionCheckFailure };
}

function put(request: NonNullable<TransactWriteItem['Put']>): TransactAction {
  checkParameters(request, ['ConditionExpression']);
  const next = checkItem(request.Item ?? {});
  checkPutSize(next);
  return {
    ...common(request, readExpressions(request).condition),
    size: itemSize(next),
    locate: (table) => checkItemKeys(table, next),
    apply: () => next,
    kind: 'put',
    writes: true,
  };
}

function update(request: NonNullable<TransactWriteItem['Update']>): TransactAction {
  checkParameters(request, ['UpdateExpression', 'ConditionExpression']);
  const given = checkItem(request.Key ?? {});
  const read = readExpressions(request);
  const actions: Action[] = read.update ?? [];
  return {
    ...common(request, read.condition),
    size: itemSize(given),
    locate: (table) => {
      const key = checkKey(table, given);
      checkUpdate(table, actions);
      return key;
    },
    apply: (table, key, old) => updated(table, key, old, actions),
    kind: 'update',
    writes: true,
  };
}

function onKey(
  kind: 'delete' | 'conditionCheck',
  request: Request & { Key: Item | undefined },
  apply: (old: Item | undefined) => Item | undefined,
): TransactAction {
  checkParameters(request, ['ConditionExpression']);
  const given = checkItem(request.Key ?? {});
  return {
    ...common(request, readExpressions(request).condition),
    size: itemSize(given),
    locate: (table) => checkKey(table, given),
    apply: (_table, _key, old) => apply(old),
    kind,
    writes: kind === 'delete',
  };
}
