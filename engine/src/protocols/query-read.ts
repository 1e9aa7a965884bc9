import { Malformed } from './malformed';
import type { Member, Shape } from './model';
import { MAX_DEPTH, setKey } from './objects';
import { readScalar } from './scalars';

/** The parameters of a query request as a tree: `Filters.Filter.1.Name=x` hangs three levels down. */
export class ParameterTree {
  value: string | undefined;
  readonly children = new Map<string, ParameterTree>();
  used = false;

  static of(pairs: readonly (readonly [string, string | undefined])[]): ParameterTree {
    const root = new ParameterTree();
    for (const [name, value] of pairs) {
      let node = root;
      const steps = name.split('.');
      if (steps.length > MAX_DEPTH) throw new Malformed('Keys are nested too deeply', 'MalformedQueryString');
      for (const step of steps) {
        let child = node.children.get(step);
        if (!child) {
          child = new ParameterTree();
          node.children.set(step, child);
        }
        node = child;
      }
      node.value = value ?? '';
    }
    return root;
  }

  child(name: string): ParameterTree | undefined {
    return this.children.get(name);
  }

  /** The numbered children, in the order of their numbers. */
  items(): ParameterTree[] {
    this.used = true;
    return [...this.children.entries()]
      .filter(([name]) => /^\d{1,9}$/.test(name))
      .sort((a, b) => Number(a[0]) - Number(b[0]))
      .map(([, node]) => node);
  }

  /** The first parameter that nothing read, by its full name. */
  unused(prefix = ''): string | undefined {
    for (const [name, child] of this.children) {
      const full = prefix === '' ? name : `${prefix}.${name}`;
      if (child.value !== undefined && !child.used) return full;
      const deeper = child.unused(full);
      if (deeper !== undefined) return deeper;
    }
    return undefined;
  }
}

export type Dialect = 'awsQuery' | 'ec2Query';

export function readQueryStructure(
  members: readonly Member[],
  node: ParameterTree,
  dialect: Dialect,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const member of members) {
    const child = node.child(dialect === 'ec2Query' ? member.ec2 : member.xml) ?? node.child(member.name);
    if (!child) continue;
    const value = read(member.shape, child, dialect, member.flat);
    if (value !== undefined) out[member.name] = value;
  }
  return out;
}

function read(shape: Shape, node: ParameterTree, dialect: Dialect, flat: boolean): unknown {
  switch (shape.type) {
    case 'structure':
    case 'union':
      node.used = true;
      return readQueryStructure(shape.members, node, dialect);
    case 'list':
      return readList(shape, node, dialect, flat);
    case 'map':
      return readMap(shape, node, dialect, flat);
    default:
      node.used = true;
      if (node.value === undefined) throw new Malformed('Unexpected complex element termination');
      return readScalar(shape, node.value);
  }
}

function readList(shape: Shape, node: ParameterTree, dialect: Dialect, flat: boolean): unknown[] {
  // Both the name of the model and `member` are taken, as RDS does.
  const holder =
    dialect === 'ec2Query' || flat ? node : (node.child(shape.member.xml) ?? node.child('member') ?? node);
  node.used = true;
  const items = holder.items();
  if (items.length === 0 && holder === node && node.value !== undefined && node.value !== '') {
    throw new Malformed('Unexpected list element termination');
  }
  return items.map((item) => read(shape.member.shape, item, dialect, false));
}

function readMap(
  shape: Shape,
  node: ParameterTree,
  dialect: Dialect,
  flat: boolean,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  const holder = flat ? node : (node.child('entry') ?? node);
  node.used = true;
  for (const entry of holder.items()) {
    entry.used = true;
    const key = entry.child(shape.key.xml);
    const value = entry.child(shape.value.xml);
    if (key?.value === undefined || !value) throw new Malformed('Unexpected map element termination');
    key.used = true;
    setKey(out, key.value, read(shape.value.shape, value, dialect, false));
  }
  return out;
}
