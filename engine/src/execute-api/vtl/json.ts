import { JavaList, javaText, type Value } from './values';

/** Where the gateway's JSON parser stumbled, in its words. */
export class JsonError extends Error {}

const MAX_DEPTH = 1000;
const SPACE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const TOKEN = /[A-Za-z0-9_$]+/y;
const LITERALS: Readonly<Record<string, Value>> = { true: true, false: false, null: null };

/** Reads JSON into maps, which keep their order and any key, and arrays; integers of any size stay exact. */
export function readJson(text: string): Value {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.space();
  if (reader.at < text.length) throw reader.unexpected('was expecting end of input');
  return value;
}

class Reader {
  at = 0;

  constructor(readonly text: string) {}

  value(depth: number): Value {
    this.space();
    const char = this.text[this.at];
    if (char === undefined) throw this.ended();
    if (depth > MAX_DEPTH) {
      throw this.error(`Document nesting depth (${depth}) exceeds the maximum allowed (${MAX_DEPTH})`);
    }
    if (char === '{') return this.#object(depth);
    if (char === '[') return this.#array(depth);
    if (char === '"') return this.#string();
    if (char === '-' || (char >= '0' && char <= '9')) return this.#number();
    TOKEN.lastIndex = this.at;
    const token = TOKEN.exec(this.text)?.[0];
    if (token !== undefined && Object.hasOwn(LITERALS, token)) {
      this.at += token.length;
      return LITERALS[token] ?? null;
    }
    if (token === undefined) {
      throw this.unexpected(
        "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
      );
    }
    this.at += token.length;
    throw this.error(
      `Unrecognized token '${token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`,
    );
  }

  space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  #object(depth: number): Map<string, Value> {
    const map = new Map<string, Value>();
    this.at++;
    this.space();
    if (this.text[this.at] === '}') return this.#closed(map);
    for (;;) {
      this.space();
      if (this.text[this.at] === undefined) throw this.ended();
      if (this.text[this.at] !== '"') throw this.unexpected('was expecting double-quote to start field name');
      const key = this.#string();
      this.space();
      if (this.text[this.at] !== ':') {
        throw this.unexpected('was expecting a colon to separate field name and value');
      }
      this.at++;
      map.set(key, this.value(depth + 1));
      if (this.#next('}', 'Object')) return map;
    }
  }

  #array(depth: number): Value[] {
    const list: Value[] = [];
    this.at++;
    this.space();
    if (this.text[this.at] === ']') return this.#closed(list);
    for (;;) {
      list.push(this.value(depth + 1));
      if (this.#next(']', 'Array')) return list;
    }
  }

  #closed<T>(value: T): T {
    this.at++;
    return value;
  }

  /** Whether the object or array ends here, else it goes on behind a comma. */
  #next(end: string, what: string): boolean {
    this.space();
    const char = this.text[this.at];
    if (char !== end && char !== ',')
      throw this.unexpected(`was expecting comma to separate ${what} entries`);
    this.at++;
    return char === end;
  }

  #string(): string {
    let end = this.at;
    do end = this.text.indexOf('"', end + 1);
    while (end > 0 && this.#isEscaped(end));
    if (end < 0) throw this.error('Unexpected end-of-input: was expecting closing quote for a string value');
    try {
      const value = JSON.parse(this.text.slice(this.at, end + 1)) as string;
      this.at = end + 1;
      return value;
    } catch {
      throw this.error('Illegal unquoted character or unrecognized character escape in a string value');
    }
  }

  #isEscaped(at: number): boolean {
    let backslashes = 0;
    while (this.text[at - 1 - backslashes] === '\\') backslashes++;
    return backslashes % 2 === 1;
  }

  #number(): number | bigint {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (!match) throw this.unexpected('Expected digit (0-9) to follow minus sign, for valid numeric value');
    this.at = NUMBER.lastIndex;
    const number = Number(match[0]);
    const whole = match[1] === undefined && match[2] === undefined;
    return whole && !Number.isSafeInteger(number) ? BigInt(match[0]) : number;
  }

  unexpected(what: string): JsonError {
    const char = this.text[this.at];
    if (char === undefined) return this.ended();
    return this.error(`Unexpected character ('${char}' (code ${char.charCodeAt(0)})): ${what}`);
  }

  ended(): JsonError {
    return this.error('Unexpected end-of-input');
  }

  error(what: string): JsonError {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    const source = this.text.length > 500 ? `${this.text.slice(0, 500)}[truncated]` : this.text;
    return new JsonError(`${what}\n at [Source: (byte[])"${source}"; line: ${line}, column: ${column}]`);
  }
}

/** Compact, as `$input.json` gives it. */
export function writeJson(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Map) {
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${writeJson(inner)}`).join(',')}}`;
  }
  if (value instanceof JavaList || Array.isArray(value)) return `[${Array.from(value, writeJson).join(',')}]`;
  if (typeof value === 'object') return JSON.stringify(javaText(value));
  return String(value);
}

/** Out of plain objects. */
export function fromPlain(plain: unknown): Value {
  if (plain === null || plain === undefined) return null;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain === 'object')
    return new Map(Object.entries(plain).map(([key, inner]) => [key, fromPlain(inner)]));
  if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean') return plain;
  return typeof plain === 'bigint' ? plain : String(plain);
}
