import type { BytesRange } from '../../../storage';
import type { Condition, Path } from '../expressions/ast';
import { meets } from '../expressions/evaluate';
import { project } from '../expressions/paths';
import { itemSize } from '../values/size';
import type { Item } from '../values/value';
import { type IndexUnits, readUnits, type Units } from './capacity';
import { bytesOfKey } from './item-key';
import type { Source } from './source';

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html */
const MAX_PAGE_BYTES = 1024 * 1024;

export interface PageRequest {
  source: Source;
  range: BytesRange;
  limit: number | undefined;
  filter: Condition | undefined;
  projection: readonly Path[] | undefined;
  countOnly: boolean;
  fetch: boolean;
  consistent: boolean | undefined;
}

export interface Page {
  items: Item[];
  count: number;
  scanned: number;
  lastKey?: Item;
  units: Units;
}

/** Reads on until the limit, or a megabyte, or the end. What is read counts, not what passes the filter. */
export function readPage(request: PageRequest): Page {
  const { source, limit, filter, projection } = request;
  const collection = source.index?.entries ?? source.table.items;
  const range = limit === undefined ? request.range : { ...request.range, limit };
  const items: Item[] = [];
  let count = 0;
  let scanned = 0;
  let size = 0;
  let fetched = 0;
  let last: Item | undefined;
  let full = false;
  for (const { value } of collection.entries(range)) {
    last = value;
    scanned++;
    size += itemSize(value);
    const item = request.fetch ? fromTable(source, value) : value;
    if (item !== value) fetched += readUnits(itemSize(item), request.consistent);
    if (!filter || meets(item, filter)) {
      count++;
      if (!request.countOnly) items.push(projection ? project(item, projection) : item);
    }
    full = size >= MAX_PAGE_BYTES || scanned === limit;
    if (full) break;
  }
  const units = pageUnits(source, size, fetched, request.consistent);
  const page: Page = { items, count, scanned, units };
  if (full && last) page.lastKey = keyOf(source, last);
  return page;
}

function fromTable({ table }: Source, entry: Item): Item {
  return table.items.get(bytesOfKey(table.key, entry)) ?? entry;
}

function keyOf(source: Source, item: Item): Item {
  return Object.fromEntries(source.startKey.map(({ name }) => [name, item[name]!]));
}

function pageUnits({ index }: Source, size: number, fetched: number, consistent: boolean | undefined): Units {
  const units = readUnits(size, consistent);
  if (!index) return { table: units, indexes: [] };
  const own: IndexUnits = { name: index.name, global: index.global, units };
  return { table: fetched, indexes: [own] };
}
