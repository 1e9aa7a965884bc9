import { matches } from './filter';
import { parsePath, type Selector, type Step } from './parse';
import { childOf, childrenOf, descendantsOf, isListLike, keysOf } from './tree';

export { PathError } from './parse';

const parsed = new Map<string, Step[]>();
const MOST_PARSED = 1000;

/**
 * What a JSONPath finds below `root`: plain JSON values, or those of mapping templates. A definite path gives its value
 * or undefined; one that may find several gives the list of all it finds.
 */
export function evaluateJsonPath(root: unknown, path: string): unknown {
  let steps = parsed.get(path);
  if (!steps) {
    if (parsed.size >= MOST_PARSED) parsed.clear();
    steps = parsePath(path);
    parsed.set(path, steps);
  }
  return follow(root, root, steps);
}

export function follow(root: unknown, from: unknown, steps: readonly Step[]): unknown {
  let found: unknown[] = [from];
  let definite = true;
  for (const { deep, select } of steps) {
    if (select.by === 'function') {
      found = [calculated(definite ? found[0] : found, select.name)].filter((value) => value !== undefined);
      definite = true;
      continue;
    }
    definite &&= !deep && isDefinite(select);
    if (deep) found = found.flatMap(descendantsOf);
    found = found.flatMap((value) => selected(root, value, select));
  }
  return definite ? found[0] : found;
}

function isDefinite(select: Selector): boolean {
  if (select.by === 'names') return select.names.length === 1;
  return select.by === 'indexes' && select.indexes.length === 1;
}

function selected(root: unknown, value: unknown, select: Selector): unknown[] {
  switch (select.by) {
    case 'names':
      return select.names.flatMap((name) => childOf(value, name));
    case 'indexes':
      return select.indexes.flatMap((index) => childOf(value, index));
    case 'slice':
      return isListLike(value) ? [...value].slice(select.from, select.to) : [];
    case 'filter': {
      const candidates = isListLike(value) ? [...value] : [value];
      return candidates.filter((one) => matches(select.filter, root, one));
    }
    default:
      return childrenOf(value);
  }
}

function calculated(value: unknown, name: string): unknown {
  if (name === 'keys') return keysOf(value);
  if (name === 'length' || name === 'size') {
    return typeof value === 'string' ? value.length : childrenOf(value).length;
  }
  if (!isListLike(value)) return undefined;
  if (name === 'first') return value[0];
  if (name === 'last') return value.at(-1);
  const numbers = value.map(Number).filter((number) => !Number.isNaN(number));
  if (numbers.length === 0) return undefined;
  if (name === 'min') return numbers.reduce((a, b) => Math.min(a, b));
  if (name === 'max') return numbers.reduce((a, b) => Math.max(a, b));
  const sum = numbers.reduce((a, b) => a + b);
  return name === 'sum' ? sum : sum / numbers.length;
}
