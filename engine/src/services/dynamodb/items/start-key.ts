import { invalid } from '../errors';
import { checkItem, rewording } from '../values/check';
import type { Item } from '../values/value';
import { bytesInIndex, checkKey } from './item-key';
import type { Source } from './source';

const INVALID = 'The provided starting key is invalid';

/** Checks the values of an ExclusiveStartKey, before the table is known. */
export function checkStartValues(given: Item | undefined): Item | undefined {
  // AWS puts its preface before some of the messages only.
  const bare = /contains duplicates|number set|numeric value|significant digits|number with magnitude/;
  return (
    given &&
    rewording(
      () => checkItem(given),
      (message) => (bare.test(message) ? message : `${INVALID}: ${message}`),
    )
  );
}

/** The position in the store behind which reading goes on. */
export function startBytes(source: Source, start: Item): Buffer {
  const { table, index } = source;
  if (Object.keys(start).length !== source.startKey.length) {
    throw invalid(index ? INVALID : `${INVALID}: The provided key element does not match the schema`);
  }
  for (const { name, type } of index ? source.startKey : []) {
    if (start[name] === undefined) throw invalid(INVALID);
    if (start[name][type] === undefined) throw invalid('The provided key element does not match the schema');
  }
  const own: Item = {};
  for (const key of [table.key.hash, table.key.range]) {
    if (key && start[key.name]) own[key.name] = start[key.name]!;
  }
  const { bytes } = rewording(
    () => checkKey(table, own),
    (message) => `${INVALID}: ${message}`,
  );
  return (index && bytesInIndex(index, start, bytes)) ?? bytes;
}
