import type { Item, Value } from '../values/value';
import type { Path } from './ast';
import type { FaultSink } from './faults';

/** The value at `path`, or undefined where the item has none. */
export function valueAt(item: Item, path: Path): Value | undefined {
  let value: Value | undefined = Object.hasOwn(item, path[0]!) ? item[path[0]!] : undefined;
  for (let i = 1; i < path.length && value !== undefined; i++) value = childOf(value, path[i]!);
  return value;
}

function childOf(value: Value, step: string | number): Value | undefined {
  if (typeof step === 'number') return value.L?.[step];
  return value.M && Object.hasOwn(value.M, step) ? value.M[step] : undefined;
}

export function showPath(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;
}

interface Branch {
  /** The first path that came through here. */
  first: Path;
  ends: boolean;
  keys: Map<string | number, Branch>;
}

/** Refuses paths that overlap, or that take one attribute for a map and for a list. Linear in the paths' length. */
export class PathTree {
  readonly #root: Map<string | number, Branch> = new Map();

  add(path: Path, faults: FaultSink<'overlap' | 'conflict'>): void {
    let keys = this.#root;
    let branch: Branch | undefined;
    for (const step of path) {
      if (branch?.ends) {
        faults.note('overlap', describe('overlap', branch.first, path));
        return;
      }
      const [sibling] = keys.keys();
      if (branch && sibling !== undefined && typeof sibling !== typeof step) {
        const other = keys.get(sibling)?.first ?? path;
        faults.note('conflict', describe('conflict', other, path));
        return;
      }
      let next = keys.get(step);
      if (!next) {
        next = { first: path, ends: false, keys: new Map() };
        keys.set(step, next);
      }
      branch = next;
      keys = next.keys;
    }
    if (!branch) return;
    if (branch.ends || branch.keys.size > 0) faults.note('overlap', describe('overlap', branch.first, path));
    branch.ends = true;
  }
}

function describe(what: 'overlap' | 'conflict', one: Path, two: Path): string {
  return (
    `Two document paths ${what} with each other; must remove or rewrite one of these paths; ` +
    `path one: ${showPath(one)}, path two: ${showPath(two)}`
  );
}

/** What of `item` the `paths` name, with the structure around it; list elements close ranks. */
export function project(item: Item, paths: readonly Path[]): Item {
  const tree: Selection = new Map();
  for (const path of paths) {
    if (valueAt(item, path) === undefined) continue;
    let node = tree;
    for (const [i, step] of path.entries()) {
      let next = node.get(step);
      if (next === undefined) {
        next = i === path.length - 1 ? true : new Map();
        node.set(step, next);
      }
      if (next === true) break;
      node = next;
    }
  }
  return selectMap(item, tree);
}

/** A tree of the steps to keep; true keeps all that is below. */
type Selection = Map<string | number, true | Selection>;

function selectMap(item: Item, selection: Selection): Item {
  const kept: Item = {};
  for (const [step, below] of selection) {
    const value = item[step];
    if (value !== undefined) kept[step] = select(value, below);
  }
  return kept;
}

function select(value: Value, selection: true | Selection): Value {
  if (selection === true) return value;
  if (value.M !== undefined) return { M: selectMap(value.M, selection) };
  const list = value.L ?? [];
  const steps = [...selection].sort(([a], [b]) => Number(a) - Number(b));
  return {
    L: steps.flatMap(([step, below]) => (list[Number(step)] ? [select(list[Number(step)]!, below)] : [])),
  };
}
