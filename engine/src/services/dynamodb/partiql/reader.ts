import { invalid } from '../errors';
import type { Item, Value } from '../values/value';
import { malformed, type Token, tokenize } from './tokens';

/** Reads a statement's tokens, and fills in its parameters in their order. */
export class Reader {
  readonly #tokens: Token[];
  #next = 0;
  #parameter = 0;

  constructor(
    statement: string,
    readonly parameters: readonly Value[],
  ) {
    this.#tokens = tokenize(statement);
  }

  get token(): Token {
    return this.#tokens[this.#next]!;
  }

  take(): Token {
    const { token } = this;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  is(text: string): boolean {
    const { kind } = this.token;
    if (kind === 'symbol') return this.token.text === text;
    return kind === 'word' && this.token.text.toUpperCase() === text;
  }

  accept(...texts: string[]): boolean {
    const start = this.#next;
    for (const text of texts) {
      if (!this.is(text)) {
        this.#next = start;
        return false;
      }
      this.take();
    }
    return true;
  }

  expect(...texts: string[]): void {
    for (const text of texts) if (!this.accept(text)) throw this.unexpected();
  }

  unexpected() {
    return malformed(`Unexpected token: ${this.token.text}`);
  }

  name(): string {
    const { kind } = this.token;
    if (kind !== 'word' && kind !== 'quoted') throw this.unexpected();
    return this.take().text;
  }

  /** A document path: names and indexes. */
  path(): (string | number)[] {
    const path: (string | number)[] = [this.name()];
    for (;;) {
      if (this.accept('.')) path.push(this.name());
      else if (this.accept('[')) {
        if (this.token.kind !== 'number' && this.token.kind !== 'string') throw this.unexpected();
        const { kind, text } = this.take();
        path.push(kind === 'number' ? Number(text) : text);
        this.expect(']');
      } else return path;
    }
  }

  /** True before a literal or a parameter, as against a name. */
  get atValue(): boolean {
    const { kind } = this.token;
    if (kind === 'string' || kind === 'number') return true;
    return ['?', '[', '{', '<<', '-', 'TRUE', 'FALSE', 'NULL'].some((text) => this.is(text));
  }

  value(): Value {
    const { kind, text } = this.token;
    if (kind === 'string') return { S: this.take().text };
    if (kind === 'number') return { N: this.take().text };
    if (this.accept('-')) {
      if (this.token.kind !== 'number') throw this.unexpected();
      return { N: `-${this.take().text}` };
    }
    if (this.accept('?')) return this.#nextParameter();
    if (this.accept('TRUE')) return { BOOL: true };
    if (this.accept('FALSE')) return { BOOL: false };
    if (this.accept('NULL')) return { NULL: true };
    if (this.accept('[')) return { L: this.#list(']') };
    if (this.accept('<<')) return this.#set(this.#list('>>'));
    if (this.accept('{')) return { M: this.#map() };
    throw malformed(`Unexpected token: ${text}`);
  }

  #nextParameter(): Value {
    const value = this.parameters[this.#parameter++];
    if (!value) throw tooFewOrMany();
    return value;
  }

  #list(end: string): Value[] {
    const values: Value[] = [];
    while (!this.accept(end)) {
      if (values.length > 0) this.expect(',');
      values.push(this.value());
    }
    return values;
  }

  #set(values: Value[]): Value {
    if (values.every((value) => value.S !== undefined)) return { SS: values.map((value) => value.S ?? '') };
    if (values.every((value) => value.N !== undefined)) return { NS: values.map((value) => value.N ?? '') };
    if (values.every((value) => value.B !== undefined))
      return { BS: values.flatMap((value) => value.B ?? []) };
    throw malformed('A set holds strings, numbers or binaries, all of one type');
  }

  #map(): Item {
    const entries: [string, Value][] = [];
    while (!this.accept('}')) {
      if (entries.length > 0) this.expect(',');
      if (this.token.kind !== 'string') throw this.unexpected();
      const name = this.take().text;
      this.expect(':');
      entries.push([name, this.value()]);
    }
    return Object.fromEntries(entries);
  }

  /** The statement is over, and has used all of its parameters. */
  finish(): void {
    this.accept(';');
    if (this.token.kind !== 'end') throw this.unexpected();
    if (this.#parameter < this.parameters.length) throw tooFewOrMany();
  }
}

function tooFewOrMany() {
  return invalid("Number of parameters in request and statement don't match.");
}
