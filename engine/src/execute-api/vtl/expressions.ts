import { type Expression, type Operator, type Reference, type Step, TemplateError } from './ast';
import type { Source } from './source';

/** Parses the template inside a double-quoted text. */
export type ParseText = (text: string) => Expression;

/** Word forms, each for its sign. */
const WORDS: Readonly<Record<string, Operator>> = {
  or: '||',
  and: '&&',
  eq: '==',
  ne: '!=',
  lt: '<',
  gt: '>',
  le: '<=',
  ge: '>=',
};

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly Operator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Expressions of directives and of methods' arguments. */
export class Expressions {
  constructor(
    readonly source: Source,
    readonly text: ParseText,
  ) {}

  expression(level = 0): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.expression(level + 1);
    for (;;) {
      const operator = this.#operator(operators);
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: this.expression(level + 1) };
    }
  }

  #operator(operators: readonly Operator[]): Operator | undefined {
    const { source } = this;
    source.space();
    const word = source.peek(/(?:or|and|eq|ne|lt|gt|le|ge)\b/y);
    const operator = word ? WORDS[word] : operators.find((sign) => source.startsWith(sign));
    if (!operator || !operators.includes(operator)) return undefined;
    source.at += word?.length ?? operator.length;
    return operator;
  }

  #unary(): Expression {
    const { source } = this;
    source.space();
    if (source.startsWith('!') || source.peek(/not\b/y)) {
      source.take(/!|not/y);
      return { kind: 'not', operand: this.#unary() };
    }
    if (source.peek(/-(?![\d.])/y)) {
      source.at++;
      return { kind: 'minus', operand: this.#unary() };
    }
    return this.#primary();
  }

  #primary(): Expression {
    const { source } = this;
    const number = source.take(/-?(?:\d+(?:\.(?!\.)\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) return { kind: 'literal', value: numberOf(number) };
    const word = source.take(/true\b|false\b/y);
    if (word) return { kind: 'literal', value: word === 'true' };
    switch (source.text[source.at]) {
      case '(': {
        source.at++;
        const inner = this.expression();
        source.space();
        source.expect(')');
        return inner;
      }
      case "'":
      case '"':
        return this.#string();
      case '[':
        return this.#list();
      case '{':
        return this.#map();
      case '$': {
        const reference = this.reference();
        if (reference) return { kind: 'reference', reference };
      }
    }
    throw source.unexpected();
  }

  /** A doubled quote stands for one; backslashes are themselves. */
  #string(): Expression {
    const { source } = this;
    const quoted = source.take(/'(?:[^']|'')*'|"(?:[^"]|"")*"/y);
    if (quoted === undefined) throw new TemplateError('a text that does not end');
    const quote = quoted[0] ?? '';
    const inner = quoted.slice(1, -1).replaceAll(quote + quote, quote);
    if (quote === "'" || !/[$#]/.test(inner)) return { kind: 'literal', value: inner };
    return this.text(inner);
  }

  #list(): Expression {
    const { source } = this;
    source.expect('[');
    const items = this.#items(']');
    if (items.length === 1 && source.startsWith('..')) {
      source.at += 2;
      const to = this.expression();
      source.space();
      source.expect(']');
      return { kind: 'range', from: items[0]!, to };
    }
    source.expect(']');
    return { kind: 'list', items };
  }

  #map(): Expression {
    const { source } = this;
    source.expect('{');
    const entries: [Expression, Expression][] = [];
    source.space();
    while (!source.startsWith('}')) {
      const key = this.expression();
      source.space();
      source.expect(':');
      entries.push([key, this.expression()]);
      source.space();
      if (source.startsWith(',')) source.at++;
      else if (!source.startsWith('}')) throw source.unexpected();
      source.space();
    }
    source.expect('}');
    return { kind: 'map', entries };
  }

  /** Up to, not with, what ends them. */
  #items(end: string): Expression[] {
    const { source } = this;
    const items: Expression[] = [];
    source.space();
    while (!source.startsWith(end)) {
      items.push(this.expression());
      source.space();
      if (source.startsWith('..')) return items;
      if (source.startsWith(',')) source.at++;
      else if (!source.startsWith(end)) throw source.unexpected();
      source.space();
    }
    return items;
  }

  /** `$a.b(1)[2]`, `${a}`, `$!a`; undefined, and nothing read, where a dollar sign is only that. */
  reference(): Reference | undefined {
    const { source } = this;
    const start = source.at;
    const head = source.take(/\$!?(\{)?\s*[A-Za-z_]\w*/y);
    if (head === undefined) return undefined;
    const formal = head.includes('{');
    const steps: Step[] = [];
    try {
      for (let step = this.#step(); step; step = this.#step()) steps.push(step);
      if (formal) source.expect('}');
    } catch (error) {
      source.at = start;
      throw error;
    }
    return { name: /\w+$/.exec(head)?.[0] ?? '', steps };
  }

  #step(): Step | undefined {
    const { source } = this;
    const name = source.take(/\.[A-Za-z_]\w*/y)?.slice(1);
    if (name !== undefined) {
      if (!source.startsWith('(')) return { kind: 'property', name };
      source.at++;
      const args = this.#items(')');
      source.expect(')');
      return { kind: 'method', name, args };
    }
    if (!source.startsWith('[')) return undefined;
    const back = source.at;
    source.at++;
    // `$a[` in running text is no index: nothing is read then.
    try {
      const at = this.expression();
      source.space();
      source.expect(']');
      return { kind: 'index', at };
    } catch {
      source.at = back;
      return undefined;
    }
  }
}

function numberOf(text: string): number | bigint {
  const number = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number;
}
