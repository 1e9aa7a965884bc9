import type { BytesRange } from '../../../storage';
import { invalid, invalidParameter } from '../errors';
import type { KeyTest, KeyTests } from '../expressions/key-condition';
import { behind, partitionKey, sortKey, sortKeyStart } from '../keys';
import { type KeyAttribute, keyAttributes } from '../tables/table';
import { beginsWith, equalValues, orderValues } from '../values/compare';
import type { Item, Value } from '../values/value';
import type { Source } from './source';

/** Checks the tests of a key condition against the keys of the table or index. */
export function checkTests({ key }: Source, tests: KeyTests): void {
  if (!key.range && tests.size > 1) throw invalid('Query key condition not supported');
  for (const attribute of keyAttributes(key)) {
    const test = tests.get(attribute.name);
    if (test) checkTest(attribute, test, attribute === key.hash);
    else if (attribute === key.hash || tests.size > 1) {
      throw invalid(`Query condition missed key schema element: ${attribute.name}`);
    }
  }
}

function checkTest({ name, type }: KeyAttribute, test: KeyTest, isHash: boolean): void {
  if (test.operator === 'OTHER') {
    throw invalid('Attempted conditional constraint is not an indexable operation');
  }
  if (test.values.some((value) => value[type] === undefined)) {
    throw invalidParameter('Condition parameter type does not match schema type');
  }
  if (isHash && test.operator !== 'EQ') throw invalid('Query key condition not supported');
  for (const value of test.values) {
    const empty = value.S === '' ? 'string' : value.B?.byteLength === 0 ? 'binary' : undefined;
    // A sort key may begin with anything, even with nothing.
    if (empty && test.operator !== 'BEGINS_WITH') {
      throw invalid(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
      );
    }
  }
}

/** A start key has to lie where the query reads. */
export function checkQueryStart({ key }: Source, tests: KeyTests, start: Item): void {
  const hash = tests.get(key.hash.name)!.values[0]!;
  const inPartition = equalValues(hash, start[key.hash.name]!);
  const test = key.range && tests.get(key.range.name);
  if (!test || !key.range) {
    if (inPartition) return;
    throw invalid('The provided starting key is outside query boundaries based on provided conditions');
  }
  if (!passes(start[key.range.name]!, test)) {
    throw invalid('The provided starting key does not match the range key predicate');
  }
  if (!inPartition) throw invalid('The query can return at most one row and cannot be restarted');
}

function passes(value: Value, { operator, values }: KeyTest): boolean {
  const [first, second] = values as [Value, Value | undefined];
  if (operator === 'BEGINS_WITH') return beginsWith(value, first);
  const order = orderValues(value, first) ?? Number.NaN;
  switch (operator) {
    case 'EQ':
      return order === 0;
    case 'LT':
      return order < 0;
    case 'LE':
      return order <= 0;
    case 'GT':
      return order > 0;
    case 'GE':
      return order >= 0;
    default:
      return order >= 0 && second !== undefined && (orderValues(value, second) ?? Number.NaN) <= 0;
  }
}

/** The stretch of the store that a query reads, from behind `start` where it goes on. */
export function queryRange(
  { key }: Source,
  tests: KeyTests,
  start: Buffer | undefined,
  reverse: boolean,
): BytesRange {
  const partition = partitionKey(tests.get(key.hash.name)!.values[0]!);
  const test = key.range && tests.get(key.range.name);
  const { gte, lt } = bounds(partition, test);
  const range: BytesRange = { gte, ...(lt && { lt }), reverse };
  if (!start) return range;
  return reverse ? { ...range, lt: start } : { reverse, gt: start, ...(lt && { lt }) };
}

function bounds(partition: Buffer, test: KeyTest | undefined): { gte: Buffer; lt: Buffer | undefined } {
  const all = { gte: partition, lt: behind(partition) };
  if (!test) return all;
  const at = (value: Value) => Buffer.concat([partition, sortKey(value)]);
  const [first, second] = test.values as [Value, Value];
  switch (test.operator) {
    case 'EQ':
      return { gte: at(first), lt: behind(at(first)) };
    case 'LT':
      return { ...all, lt: at(first) };
    case 'LE':
      return { ...all, lt: behind(at(first)) };
    case 'GT':
      return { ...all, gte: behind(at(first)) ?? at(first) };
    case 'GE':
      return { ...all, gte: at(first) };
    case 'BETWEEN':
      return { gte: at(first), lt: behind(at(second)) };
    default: {
      const prefix = Buffer.concat([partition, sortKeyStart(first)]);
      return { gte: prefix, lt: behind(prefix) };
    }
  }
}
