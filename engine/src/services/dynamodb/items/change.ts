import { invalid, invalidParameter } from '../errors';
import { applyUpdate } from '../expressions/apply';
import type { Action, Operand, Path } from '../expressions/ast';
import { keyAttributes, type Table } from '../tables/table';
import { itemSize, MAX_ITEM_SIZE } from '../values/size';
import type { Item } from '../values/value';
import { checkIndexKeys, checkUpdatedIndexKey } from './item-key';
import { checkKeyPaths } from './key-paths';

/** What can be said of an update once the table is known: keys stay, and index keys keep their types. */
export function checkUpdate(table: Table, actions: readonly Action[]): void {
  for (const { path } of actions) {
    if (keyAttributes(table.key).some((key) => key.name === path[0])) {
      throw invalidParameter(`Cannot update attribute ${path[0]}. This attribute is part of the key`);
    }
  }
  for (const { section, path, operand } of actions) {
    if (section === 'SET' && path.length === 1 && operand?.kind === 'value') {
      checkUpdatedIndexKey(table, String(path[0]), operand.value);
    }
  }
  const paths = actions.flatMap(({ path, operand }) => [path, ...(operand ? pathsOf(operand) : [])]);
  checkKeyPaths(table, paths);
}

function pathsOf(operand: Operand): Path[] {
  if (operand.kind === 'path') return [operand.path];
  return operand.kind === 'call' ? operand.args.flatMap(pathsOf) : [];
}

/** The item after the update; `key` starts a new one where there was none. */
export function updated(table: Table, key: Item, old: Item | undefined, actions: readonly Action[]): Item {
  const next = applyUpdate(old ?? key, actions);
  checkIndexKeys(table, next);
  if (itemSize(next) > MAX_ITEM_SIZE) {
    throw invalid('Item size to update has exceeded the maximum allowed size');
  }
  return next;
}
