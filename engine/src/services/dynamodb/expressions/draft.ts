import { invalid } from '../errors';
import type { Item, Value } from '../values/value';
import type { Path } from './ast';

interface ListChanges {
  set: Map<number, Value>;
  removed: Set<number>;
}

/**
 * A copy of an item in the making. Indexes of a list mean its elements as they were, so that
 * `REMOVE l[0], l[1]` takes the first two: lists are put together at the end.
 */
export class Draft {
  readonly #item: Item;
  readonly #lists = new Map<Value, ListChanges>();
  /** Maps and lists that are this draft's own already. */
  readonly #owned = new Set<Value>();

  constructor(item: Item) {
    this.#item = { ...item };
  }

  set(path: Path, value: Value): void {
    const last = path[path.length - 1]!;
    const parent = this.#parent(path);
    if (parent === undefined) put(this.#item, String(last), value);
    else if (typeof last === 'number') this.#changes(parent).set.set(last, value);
    else put(parent.M!, last, value);
  }

  remove(path: Path): void {
    const last = path[path.length - 1]!;
    const parent = this.#parent(path);
    if (parent === undefined) delete this.#item[last];
    else if (typeof last === 'number') this.#changes(parent).removed.add(last);
    else delete parent.M![last];
  }

  finish(): Item {
    for (const [list, changes] of this.#lists) list.L = rebuilt(list.L!, changes);
    return this.#item;
  }

  /** The map or list that holds the path's last step; undefined for the item itself. */
  #parent(path: Path): Value | undefined {
    let parent: Value | undefined;
    for (let i = 0; i < path.length - 1; i++) parent = this.#own(parent, path[i]!);
    if (parent === undefined) return undefined;
    const last = path[path.length - 1];
    if (typeof last === 'number' ? parent.L === undefined : parent.M === undefined) throw badPath();
    return parent;
  }

  /** The child of `parent` at `step`, made this draft's own. */
  #own(parent: Value | undefined, step: string | number): Value {
    const holder: Item | Value[] | undefined =
      parent === undefined ? this.#item : typeof step === 'number' ? parent.L : parent.M;
    const child = holder && (holder as Record<string | number, Value>)[step];
    if (!holder || !child || !Object.hasOwn(holder, step)) throw badPath();
    if (this.#owned.has(child)) return child;
    let copy: Value;
    if (child.M !== undefined) copy = { M: { ...child.M } };
    else if (child.L !== undefined) copy = { L: [...child.L] };
    else throw badPath();
    this.#owned.add(copy);
    (holder as Record<string | number, Value>)[step] = copy;
    return copy;
  }

  #changes(list: Value): ListChanges {
    let changes = this.#lists.get(list);
    if (!changes) {
      changes = { set: new Map(), removed: new Set() };
      this.#lists.set(list, changes);
    }
    return changes;
  }
}

function rebuilt(list: readonly Value[], { set, removed }: ListChanges): Value[] {
  const out: Value[] = [];
  for (const [i, element] of list.entries()) {
    if (!removed.has(i)) out.push(set.get(i) ?? element);
  }
  // Beyond the end a list grows by one element for each, however high its index.
  const beyond = [...set].filter(([i]) => i >= list.length).sort(([a], [b]) => a - b);
  return out.concat(beyond.map(([, value]) => value));
}

function put(map: Item, name: string, value: Value): void {
  if (name === '__proto__') {
    Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
  } else map[name] = value;
}

function badPath() {
  return invalid('The document path provided in the update expression is invalid for update');
}
