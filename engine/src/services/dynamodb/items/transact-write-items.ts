import type { ItemCollectionMetrics } from '@aws-sdk/client-dynamodb';
import { AwsError, type Call, isAwsError, type Operation } from '../../../kernel';
import { invalid } from '../errors';
import { meets } from '../expressions/evaluate';
import { useTable } from '../tables/catalog';
import type { Table } from '../tables/table';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import { consumed, readUnits, UnitsSum, wantsCapacity } from './capacity';
import { collectionMetrics } from './collection-metrics';
import type { ItemKey } from './item-key';
import { keepToken, seenToken } from './request-tokens';
import { readAction, type TransactAction } from './transact-action';
import { isEmptyKey } from './transact-get-items';
import { cancelled, type Reason } from './transaction';
import { write } from './write';

const MAX_BYTES = 4 * 1024 * 1024;

interface Located {
  action: TransactAction;
  table: Table;
  /** Undefined where the key is not one of the table's. */
  at: ItemKey | undefined;
  /** Why it cannot be done, whatever is in the table. */
  fault: string | undefined;
}

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
export const transactWriteItems: Operation<'dynamodb', 'TransactWriteItems'> = (input, call) => {
  const actions = (input.TransactItems ?? []).map(readAction);
  const located = actions.map((action, i): Located => {
    const path = `transactItems.${i + 1}.member.${action.kind}.tableName`;
    return locate(action, useTable(call, action.given, path));
  });
  refuseDuplicates(located);
  if (actions.reduce((sum, action) => sum + action.size, 0) > MAX_BYTES) {
    throw invalid('The aggregate size of the items in the transaction cannot exceed 4 MB');
  }
  const mode = input.ReturnConsumedCapacity;
  const token = input.ClientRequestToken;
  const sums = call.store.transaction(() => {
    if (token !== undefined && seenToken(call, token, input.TransactItems)) return replayed(located);
    const written = execute(call, located, wantsCapacity(mode));
    if (token !== undefined) keepToken(call, token, input.TransactItems);
    return { units: written, kind: 'WriteCapacityUnits' as const };
  });
  const capacity = [...sums.units].map(([given, sum]) => consumed(mode, given, sum, sums.kind));
  const metrics = metricsOf(located, input.ReturnItemCollectionMetrics);
  return {
    ...(wantsCapacity(mode) && { ConsumedCapacity: capacity }),
    ...(Object.keys(metrics).length > 0 && { ItemCollectionMetrics: metrics }),
  };
};

function locate(action: TransactAction, table: Table): Located {
  try {
    return { action, table, at: action.locate(table), fault: undefined };
  } catch (error) {
    if (!isAwsError(error, 'ValidationException') || isEmptyKey(error)) throw error;
    return { action, table, at: undefined, fault: error.message };
  }
}

function refuseDuplicates(located: readonly Located[]): void {
  const seen = new Set<string>();
  for (const { table, at } of located) {
    if (!at) continue;
    const place = `${table.record.id} ${at.bytes.toString('latin1')}`;
    if (seen.has(place)) {
      throw invalid('Transaction request cannot include multiple operations on one item');
    }
    seen.add(place);
  }
}

/** Checks all, then writes all; throws with a reason for each action if one of them cannot be done. */
function execute(call: Call, located: readonly Located[], measure: boolean): Map<string, UnitsSum> {
  const changes = located.map((each) => prepare(each));
  const reasons = changes.map((change) => change.reason);
  if (reasons.some((reason) => reason.Code !== 'None')) throw cancelled(reasons);
  const sums = new Map<string, UnitsSum>();
  for (const [i, { action, table, at }] of located.entries()) {
    if (!at) continue;
    const { old, next } = changes[i]!;
    // A check costs what a write of the item would.
    const units = action.writes
      ? write(call, { table, bytes: at.bytes, old, next }, measure)
      : { table: Math.max(1, Math.ceil((old ? itemSize(old) : 0) / 1024)), indexes: [] };
    const sum = sums.get(action.given ?? '') ?? new UnitsSum();
    // Every action is prepared and then committed: twice the units.
    if (units) sum.add(units, 2);
    sums.set(action.given ?? '', sum);
  }
  return sums;
}

function prepare({ action, table, at, fault }: Located): { reason: Reason; old?: Item; next?: Item } {
  if (!at) return { reason: { Code: 'ValidationError', ...(fault !== undefined && { Message: fault }) } };
  const old = table.items.get(at.bytes);
  if (action.condition && !meets(old ?? {}, action.condition)) {
    const reason: Reason = { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' };
    return { reason: action.onFailure === 'ALL_OLD' && old ? { ...reason, Item: old } : reason };
  }
  try {
    const next = action.apply(table, at.key, old);
    return { reason: { Code: 'None' }, ...(old && { old }), ...(next && { next }) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { reason: { Code: 'ValidationError', Message: error.message } };
  }
}

/** A request that was carried out before costs what reading its items costs. */
function replayed(located: readonly Located[]) {
  const units = new Map<string, UnitsSum>();
  for (const { action, table, at } of located) {
    const item = at && table.items.get(at.bytes);
    const sum = units.get(action.given ?? '') ?? new UnitsSum();
    sum.add({ table: readUnits(item ? itemSize(item) : 0, true), indexes: [] }, 2);
    units.set(action.given ?? '', sum);
  }
  return { units, kind: 'ReadCapacityUnits' as const };
}

function metricsOf(located: readonly Located[], mode: Parameters<typeof collectionMetrics>[0]) {
  const metrics: Record<string, ItemCollectionMetrics[]> = {};
  for (const { action, table, at } of located) {
    const found = at && collectionMetrics(mode, table, at.key);
    if (!found) continue;
    const name = action.given ?? '';
    metrics[name] ??= [];
    metrics[name].push(found);
  }
  return metrics;
}
