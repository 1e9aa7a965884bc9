import type { ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Item } from '../values/value';
import { consumed, wantsCapacity } from './capacity';
import type { Page } from './page';

interface ReadOutput {
  Items?: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: ConsumedCapacity;
}

/** A page as Query and Scan answer it. */
export function readOutput(
  input: {
    TableName: string | undefined;
    Select?: string | undefined;
    ReturnConsumedCapacity?: ReturnConsumedCapacity | undefined;
  },
  page: Page,
): ReadOutput {
  const mode = input.ReturnConsumedCapacity;
  return {
    ...(input.Select !== 'COUNT' && { Items: page.items }),
    Count: page.count,
    ScannedCount: page.scanned,
    ...(page.lastKey && { LastEvaluatedKey: page.lastKey }),
    ...(wantsCapacity(mode) && { ConsumedCapacity: consumed(mode, input.TableName, page.units) }),
  };
}
