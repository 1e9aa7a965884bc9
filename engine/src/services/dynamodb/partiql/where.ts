import type { Value } from '../values/value';
import type { Placeholders } from './placeholders';
import type { Reader } from './reader';

/** One of the conditions that a WHERE joins by AND. */
export interface Conjunct {
  text: string;
  /** What it asks of one top-level attribute, where it asks no more than that. */
  attribute?: string;
  operator?: string;
  values: Value[];
}

const COMPARATORS = new Map([
  ['=', '='],
  ['<>', '<>'],
  ['!=', '<>'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);
const TESTS = new Set(['begins_with', 'contains', 'attribute_type', 'size']);

/** Reads a WHERE as a condition expression, in parts. */
export function readWhere(reader: Reader, placeholders: Placeholders): Conjunct[] {
  return new WhereReader(reader, placeholders).conjuncts();
}

class WhereReader {
  constructor(
    readonly reader: Reader,
    readonly placeholders: Placeholders,
  ) {}

  conjuncts(): Conjunct[] {
    const parts = [this.#not()];
    while (this.reader.accept('AND')) parts.push(this.#not());
    if (!this.reader.is('OR')) return parts;
    let text = joined(parts);
    while (this.reader.accept('OR')) text += ` OR ${joined(this.#ands())}`;
    return [{ text: `(${text})`, values: [] }];
  }

  #ands(): Conjunct[] {
    const parts = [this.#not()];
    while (this.reader.accept('AND')) parts.push(this.#not());
    return parts;
  }

  #not(): Conjunct {
    if (!this.reader.accept('NOT')) return this.#primary();
    return { text: `NOT ${this.#primary().text}`, values: [] };
  }

  #primary(): Conjunct {
    const { reader } = this;
    if (!reader.accept('(')) return this.#comparison();
    const inner = this.conjuncts();
    reader.expect(')');
    // A single condition loses its parentheses: doubled ones would be refused.
    return inner.length === 1 ? inner[0]! : { text: `(${joined(inner)})`, values: [] };
  }

  #comparison(): Conjunct {
    const { reader } = this;
    const name = reader.token.text.toLowerCase();
    if (TESTS.has(name) && name !== 'size') return this.#test(name);
    const left = this.#operand();
    if (reader.accept('IS')) return this.#is(left.text);
    if (reader.accept('BETWEEN')) {
      const low = this.#operand();
      reader.expect('AND');
      const high = this.#operand();
      const text = `${left.text} BETWEEN ${low.text} AND ${high.text}`;
      return conjunct(text, left, 'BETWEEN', [low, high]);
    }
    if (reader.accept('IN')) return this.#in(left.text);
    const comparator = COMPARATORS.get(reader.token.text);
    if (!comparator) throw reader.unexpected();
    reader.take();
    const right = this.#operand();
    return conjunct(`${left.text} ${comparator} ${right.text}`, left, comparator, [right]);
  }

  #in(left: string): Conjunct {
    const { reader } = this;
    const end = reader.accept('[') ? ']' : ')';
    if (end === ')') reader.expect('(');
    const list = [this.#operand().text];
    while (reader.accept(',')) list.push(this.#operand().text);
    reader.expect(end);
    return { text: `${left} IN (${list.join(', ')})`, values: [] };
  }

  #is(left: string): Conjunct {
    const negated = this.reader.accept('NOT');
    if (this.reader.accept('MISSING')) {
      return { text: `${negated ? 'attribute_exists' : 'attribute_not_exists'}(${left})`, values: [] };
    }
    this.reader.expect('NULL');
    const type = this.placeholders.value({ S: 'NULL' });
    return { text: `${negated ? 'NOT ' : ''}attribute_type(${left}, ${type})`, values: [] };
  }

  #test(name: string): Conjunct {
    const { reader } = this;
    reader.take();
    reader.expect('(');
    const left = this.#operand();
    reader.expect(',');
    const right = this.#operand();
    reader.expect(')');
    return conjunct(`${name}(${left.text}, ${right.text})`, left, name, [right]);
  }

  #operand(): { text: string; path?: (string | number)[]; value?: Value } {
    const { reader, placeholders } = this;
    if (reader.atValue) {
      const value = reader.value();
      return { text: placeholders.value(value), value };
    }
    if (reader.accept('SIZE')) {
      reader.expect('(');
      const path = placeholders.path(reader.path());
      reader.expect(')');
      return { text: `size(${path})` };
    }
    const path = reader.path();
    return { text: placeholders.path(path), path };
  }
}

function joined(parts: readonly Conjunct[]): string {
  return parts.map((part) => part.text).join(' AND ');
}

function conjunct(
  text: string,
  left: { path?: (string | number)[] },
  operator: string,
  right: { value?: Value }[],
): Conjunct {
  const values = right.flatMap((operand) => operand.value ?? []);
  const [attribute, ...deeper] = left.path ?? [];
  if (typeof attribute !== 'string' || deeper.length > 0 || values.length < right.length) {
    return { text, values: [] };
  }
  return { text, attribute, operator, values };
}
