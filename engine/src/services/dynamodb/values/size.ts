import { numberSize } from './number';
import type { Item, Value } from './value';

/**
 * What items count, as AWS counts.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const MAX_ITEM_SIZE = 400 * 1024;

export function itemSize(item: Item): number {
  let size = 0;
  for (const name in item) size += utf8Size(name) + valueSize(item[name]!);
  return size;
}

function valueSize(value: Value): number {
  if (value.S !== undefined) return utf8Size(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return value.B.byteLength;
  if (value.SS !== undefined) return total(value.SS, utf8Size);
  if (value.NS !== undefined) return total(value.NS, numberSize);
  if (value.BS !== undefined) return total(value.BS, (member) => member.byteLength);
  if (value.L !== undefined) return 3 + total(value.L, (element) => 1 + valueSize(element));
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

function total<T>(members: readonly T[], size: (member: T) => number): number {
  let sum = 0;
  for (const member of members) sum += size(member);
  return sum;
}

function utf8Size(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}
