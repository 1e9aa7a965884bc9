import { orderValues } from '../values/compare';
import { TAGS, type Tag, tagOf, type Value } from '../values/value';
import type { Condition, Operand, Path, RawCondition, RawOperand } from './ast';
import type { Bindings } from './bindings';
import { Faults } from './faults';
import { showPath } from './paths';

type Fault = 'placeholder' | 'count' | 'distinct' | 'type';

const ARITY: Record<string, number> = {
  attribute_exists: 1,
  attribute_not_exists: 1,
  attribute_type: 2,
  begins_with: 2,
  contains: 2,
  size: 1,
};
const ORDERED = new Set<Tag>(['S', 'N', 'B']);

/** Fills in the placeholders of a condition and checks its operands, leaf by leaf as AWS does. */
export function bindCondition(raw: RawCondition, bindings: Bindings): Condition {
  switch (raw.kind) {
    case 'and':
    case 'or': {
      const left = bindCondition(raw.left, bindings);
      return { kind: raw.kind, left, right: bindCondition(raw.right, bindings) };
    }
    case 'not':
      return { kind: 'not', condition: bindCondition(raw.condition, bindings) };
    default:
      return new LeafBinder(bindings).bind(raw);
  }
}

type RawLeaf = Exclude<RawCondition, { kind: 'and' | 'or' | 'not' }>;

class LeafBinder {
  readonly #faults = new Faults<Fault>(['placeholder', 'count', 'distinct', 'type']);

  constructor(readonly bindings: Bindings) {}

  bind(leaf: RawLeaf): Condition {
    const bound = this.#leaf(leaf);
    this.#faults.settle();
    return bound;
  }

  #leaf(leaf: RawLeaf): Condition {
    switch (leaf.kind) {
      case 'compare': {
        const left = this.#operand(leaf.left);
        const right = this.#operand(leaf.right);
        this.#distinct(leaf.comparator, left, right);
        if (leaf.comparator !== '=' && leaf.comparator !== '<>')
          this.#ordered(leaf.comparator, [left, right]);
        return { kind: 'compare', comparator: leaf.comparator, left, right };
      }
      case 'between': {
        const value = this.#operand(leaf.value);
        const low = this.#operand(leaf.low);
        const high = this.#operand(leaf.high);
        this.#ordered('BETWEEN', [value, low, high]);
        this.#bounds(low, high);
        return { kind: 'between', value, low, high };
      }
      case 'in':
        return {
          kind: 'in',
          value: this.#operand(leaf.value),
          list: leaf.list.map((each) => this.#operand(each)),
        };
      case 'test': {
        const args = leaf.args.map((each) => this.#operand(each));
        this.#call(leaf.name, args);
        return { kind: 'test', name: leaf.name, args };
      }
    }
  }

  #operand(raw: RawOperand): Operand {
    if (raw.kind === 'path') return { kind: 'path', path: this.bindings.path(raw.path, this.#faults) };
    if (raw.kind === 'value')
      return { kind: 'value', value: this.bindings.value(raw.placeholder, this.#faults) };
    const args = raw.args.map((each) => this.#operand(each));
    this.#call(raw.name, args);
    return { kind: 'call', name: raw.name, args };
  }

  #call(name: string, args: Operand[]): void {
    if (args.length !== ARITY[name]) {
      const message = `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${args.length}`;
      this.#faults.note('count', message);
      return;
    }
    const [first, second] = args as [Operand, Operand | undefined];
    if (second) this.#distinct(name, first, second);
    if (name === 'attribute_exists' || name === 'attribute_not_exists') {
      if (first.kind !== 'path') {
        const message = `Operator or function requires a document path; operator or function: ${name}`;
        this.#faults.note('type', message);
      }
    } else if (name === 'begins_with') {
      for (const type of args.map(typeOf))
        if (type && type !== 'S' && type !== 'B') this.#wrongType(name, type);
    } else if (name === 'attribute_type') this.#attributeType(name, second);
    else if (name === 'size') {
      const type = typeOf(first);
      if (type === 'N' || type === 'BOOL' || type === 'NULL') this.#wrongType(name, type);
    }
  }

  #attributeType(name: string, operand: Operand | undefined): void {
    const wanted = operand?.kind === 'value' ? operand.value : undefined;
    if (wanted?.S === undefined) {
      this.#wrongType(name, wanted ? tagOf(wanted) : '{NS,SS,L,BS,N,M,B,BOOL,NULL,S}');
    } else if (!(TAGS as readonly string[]).includes(wanted.S)) {
      const message = `Invalid attribute type name found; type: ${wanted.S}, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}`;
      this.#faults.note('type', message);
    }
  }

  #ordered(operator: string, operands: Operand[]): void {
    for (const operand of operands) {
      const type = typeOf(operand);
      if (type && !ORDERED.has(type)) this.#wrongType(operator, type);
    }
  }

  #wrongType(name: string, type: string): void {
    const message = `Incorrect operand type for operator or function; operator or function: ${name}, operand type: ${type}`;
    this.#faults.note('type', message);
  }

  #distinct(name: string, a: Operand, b: Operand): void {
    if (a.kind !== 'path' || b.kind !== 'path' || !samePath(a.path, b.path)) return;
    const message = `The first operand must be distinct from the remaining operands for this operator or function; operator: ${name}, first operand: ${showPath(a.path)}`;
    this.#faults.note('distinct', message);
  }

  #bounds(low: Operand, high: Operand): void {
    if (low.kind !== 'value' || high.kind !== 'value') return;
    const shown = () =>
      `lower bound operand: AttributeValue: ${show(low.value)}, upper bound operand: AttributeValue: ${show(high.value)}`;
    if (tagOf(low.value) !== tagOf(high.value)) {
      const message = `The BETWEEN operator requires same data type for lower and upper bounds; ${shown()}`;
      this.#faults.note('type', message);
    } else if ((orderValues(low.value, high.value) ?? 0) > 0) {
      const message = `The BETWEEN operator requires upper bound to be greater than or equal to lower bound; ${shown()}`;
      this.#faults.note('type', message);
    }
  }
}

/** The type an operand is known to have before any item is read. */
function typeOf(operand: Operand): Tag | undefined {
  if (operand.kind === 'value') return tagOf(operand.value);
  return operand.kind === 'call' ? 'N' : undefined;
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}

function show(value: Value): string {
  const tag = tagOf(value);
  const content = value.B ? Buffer.from(value.B).toString('base64') : String(value[tag]);
  return `{${tag}:${content}}`;
}
