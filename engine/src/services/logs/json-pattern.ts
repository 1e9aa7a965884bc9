import type { Matcher } from './filter-pattern';
import { invalidParameter } from './store';

// { $.a.b = "x*" && ($.n > 3 || $.e NOT EXISTS) }
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html

type Test = (event: unknown) => boolean;

const bad = () => invalidParameter('Invalid filter pattern');

export function parseJsonPattern(text: string): Matcher {
  const parser = new Parser(text);
  const test = parser.parse();
  return (message) => {
    let event: unknown;
    try {
      event = JSON.parse(message);
    } catch {
      return false;
    }
    return typeof event === 'object' && event !== null && test(event);
  };
}

const TOKEN =
  /\s*(?:(\$(?:\.(?:"[^"]*"|[\w-]+)|\['[^']*'\]|\["[^"]*"\]|\[\*\]|\[\d+\])+)|(&&|\|\||!=|<=|>=|[=<>(){}])|"((?:[^"\\]|\\.)*)"|(%[^%]+%)|([^\s=<>!&|(){}"]+))/y;

type Token =
  | { selector: string }
  | { symbol: string }
  | { quoted: string }
  | { regex: string }
  | { word: string };

class Parser {
  readonly #tokens: Token[] = [];
  #at = 0;

  constructor(text: string) {
    TOKEN.lastIndex = 0;
    for (let from = 0; text.slice(from).trim() !== ''; from = TOKEN.lastIndex) {
      TOKEN.lastIndex = from;
      const match = TOKEN.exec(text);
      if (!match) throw bad();
      const [, selector, symbol, quoted, regex, word] = match;
      if (selector !== undefined) this.#tokens.push({ selector });
      else if (symbol !== undefined) this.#tokens.push({ symbol });
      else if (quoted !== undefined) this.#tokens.push({ quoted: quoted.replace(/\\(.)/g, '$1') });
      else if (regex !== undefined) this.#tokens.push({ regex: regex.slice(1, -1) });
      else this.#tokens.push({ word: word! });
    }
  }

  parse(): Test {
    this.#expect('{');
    const test = this.#or();
    this.#expect('}');
    if (this.#at < this.#tokens.length) throw bad();
    return test;
  }

  #or(): Test {
    let left = this.#and();
    while (this.#take('||')) {
      const [a, b] = [left, this.#and()];
      left = (event) => a(event) || b(event);
    }
    return left;
  }

  #and(): Test {
    let left = this.#condition();
    while (this.#take('&&')) {
      const [a, b] = [left, this.#condition()];
      left = (event) => a(event) && b(event);
    }
    return left;
  }

  #condition(): Test {
    if (this.#take('(')) {
      const inner = this.#or();
      this.#expect(')');
      return inner;
    }
    const token = this.#next();
    if (!('selector' in token)) throw bad();
    const select = selector(token.selector);
    const operator = this.#next();
    if ('word' in operator) return this.#words(operator.word.toUpperCase(), select);
    if (!('symbol' in operator)) throw bad();
    return comparison(operator.symbol, this.#next(), select);
  }

  /** `IS NULL`, `IS TRUE`, `IS FALSE`, `NOT EXISTS`, `EXISTS`. */
  #words(word: string, select: Select): Test {
    if (word === 'EXISTS') return (event) => select(event).length > 0;
    const second = this.#next();
    const what = 'word' in second ? second.word.toUpperCase() : '';
    if (word === 'NOT' && what === 'EXISTS') return (event) => select(event).length === 0;
    const values: Record<string, unknown> = { NULL: null, TRUE: true, FALSE: false };
    if (word !== 'IS' || !(what in values)) throw bad();
    return (event) => select(event).some((value) => value === values[what]);
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw bad();
    return token;
  }

  #take(symbol: string): boolean {
    const token = this.#tokens[this.#at];
    if (!token || !('symbol' in token) || token.symbol !== symbol) return false;
    this.#at++;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw bad();
  }
}

type Select = (event: unknown) => unknown[];

/** `$.a.b[0]`, `$.list[*].x`: all values that the path leads to. */
function selector(text: string): Select {
  const steps = [
    ...text.slice(1).matchAll(/\.(?:"([^"]*)"|([\w-]+))|\['([^']*)'\]|\["([^"]*)"\]|\[(\*|\d+)\]/g),
  ].map(([, a, b, c, d, index]) => ({ key: a ?? b ?? c ?? d, index }));
  return (event) => {
    let values: unknown[] = [event];
    for (const { key, index } of steps) {
      values = values.flatMap((value) => {
        if (index === '*') return Array.isArray(value) ? value : [];
        if (index !== undefined)
          return Array.isArray(value) && Number(index) < value.length ? [value[Number(index)]] : [];
        if (typeof value !== 'object' || value === null || key === undefined || !Object.hasOwn(value, key))
          return [];
        return [(value as Record<string, unknown>)[key]];
      });
    }
    return values;
  };
}

function comparison(operator: string, operand: Token, select: Select): Test {
  const text = 'quoted' in operand ? operand.quoted : 'word' in operand ? operand.word : undefined;
  const number = 'word' in operand && operand.word.trim() !== '' ? Number(operand.word) : Number.NaN;
  if (operator === '=' || operator === '!=') {
    const equal = equality(operand, text, number);
    if (operator === '=') return (event) => select(event).some(equal);
    // A property that is not there is not unequal.
    return (event) => {
      const values = select(event);
      return values.length > 0 && !values.some(equal);
    };
  }
  if (Number.isNaN(number)) throw bad();
  const holds: Record<string, (value: number) => boolean> = {
    '<': (value) => value < number,
    '<=': (value) => value <= number,
    '>': (value) => value > number,
    '>=': (value) => value >= number,
  };
  const test = holds[operator];
  if (!test) throw bad();
  return (event) => select(event).some((value) => typeof value === 'number' && test(value));
}

function equality(operand: Token, text: string | undefined, number: number): (value: unknown) => boolean {
  if ('regex' in operand) {
    const regex = new RegExp(operand.regex);
    return (value) => typeof value === 'string' && regex.test(value);
  }
  if (text === undefined) throw bad();
  const wildcard = text.includes('*')
    ? new RegExp(
        `^${text
          .split('*')
          .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
          .join('[^]*')}$`,
      )
    : undefined;
  return (value) => {
    if (typeof value === 'number') return value === number;
    if (typeof value !== 'string') return false;
    return wildcard ? wildcard.test(value) : value === text;
  };
}
