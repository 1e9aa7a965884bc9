import { invalid } from '../errors';

export interface Token {
  kind: 'word' | 'name' | 'value' | 'number' | 'symbol' | 'end';
  text: string;
  start: number;
  end: number;
}

const TOKEN =
  /[ \t\r\n]*(?:([A-Za-z][A-Za-z0-9_]*)|(#[A-Za-z0-9_]+)|(:[A-Za-z0-9_]+)|(\d+)|(<>|<=|>=|[\s\S]))/y;

/** An expression as tokens, and the sentence AWS says where one does not fit. */
export class Lexer {
  readonly #tokens: Token[] = [];
  #next = 0;

  constructor(readonly text: string) {
    TOKEN.lastIndex = 0;
    for (let match = TOKEN.exec(text); match; match = TOKEN.exec(text)) {
      const [word, name, value, number, symbol] = match.slice(1);
      const found = word ?? name ?? value ?? number ?? symbol ?? '';
      if (found.trim() === '') break;
      const kind = word ? 'word' : name ? 'name' : value ? 'value' : number ? 'number' : 'symbol';
      this.#tokens.push({ kind, text: found, start: TOKEN.lastIndex - found.length, end: TOKEN.lastIndex });
    }
    this.#tokens.push({ kind: 'end', text: '<EOF>', start: text.length, end: text.length });
  }

  get token(): Token {
    return this.#tokens[this.#next]!;
  }

  peek(ahead = 1): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.token;
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  is(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.text === symbol;
  }

  accept(symbol: string): boolean {
    if (!this.is(symbol)) return false;
    this.take();
    return true;
  }

  expect(symbol: string): void {
    if (!this.accept(symbol)) throw this.error();
  }

  isKeyword(keyword: string, token = this.token): boolean {
    return token.kind === 'word' && token.text.toUpperCase() === keyword;
  }

  acceptKeyword(keyword: string): boolean {
    if (!this.isKeyword(keyword)) return false;
    this.take();
    return true;
  }

  /** "Near" runs from the token before to the one behind, as the expression has them. */
  error() {
    const before = this.#tokens[this.#next - 1];
    const after = this.#tokens[this.#next + 1];
    const end =
      after && after.kind !== 'end' ? after.end : this.token.kind === 'end' ? before?.end : this.token.end;
    const near = this.text.slice(before?.start ?? this.token.start, end);
    return invalid(`Syntax error; token: "${this.token.text}", near: "${near}"`);
  }
}
