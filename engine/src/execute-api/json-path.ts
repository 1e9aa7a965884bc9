/**
 * The JSONPath that `$input.path` and parameter mappings use: properties, indexes, wildcards and deep scan.
 * A definite path gives its value or undefined; one with `*` or `..` gives the list of all it finds.
 */
export function evaluateJsonPath(root: unknown, path: string): unknown {
  const steps = parsePath(path);
  let found: unknown[] = [root];
  let definite = true;
  for (const step of steps) {
    if (step.deep) {
      definite = false;
      found = found.flatMap(descendants);
    }
    if (step.name === '*') {
      definite = false;
      found = found.flatMap(children);
    } else {
      found = found.flatMap((value) => child(value, step.name));
    }
  }
  return definite ? found[0] : found;
}

interface Step {
  name: string | number;
  deep: boolean;
}

function parsePath(path: string): Step[] {
  if (!path.startsWith('$')) throw new Error(`not a JSON path: ${path}`);
  const steps: Step[] = [];
  const token = /(\.\.?)?(?:\[(?:'([^']*)'|"([^"]*)"|(\*|-?\d+))\]|([^.[\]]+))/y;
  let at = 1;
  while (at < path.length) {
    token.lastIndex = at;
    const match = token.exec(path);
    if (!match) throw new Error(`not a JSON path: ${path}`);
    const [all, dots, single, double, bracket, plain] = match;
    const index = bracket !== undefined && bracket !== '*' ? Number(bracket) : undefined;
    steps.push({ name: index ?? single ?? double ?? bracket ?? plain ?? '', deep: dots === '..' });
    at += all.length;
  }
  return steps;
}

function child(value: unknown, name: string | number): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (typeof name === 'number') {
    if (!Array.isArray(value)) return [];
    const found = value.at(name);
    return found === undefined ? [] : [found];
  }
  return Object.hasOwn(value, name) && !Array.isArray(value)
    ? [(value as Record<string, unknown>)[name]]
    : [];
}

function children(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

function descendants(value: unknown): unknown[] {
  return [value, ...children(value).flatMap(descendants)];
}
