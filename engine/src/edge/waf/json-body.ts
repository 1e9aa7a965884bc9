/** A key or a value of a JSON document. */
export interface JsonElement {
  kind: 'KEY' | 'VALUE';
  /** As a JSON pointer names it. */
  pointer: string;
  /** Unescaped, as bytes. */
  text: string;
}

/** How deep it is looked into. */
const DEEPEST = 500;

/**
 * All keys and values of a document in their order, up to where it stops being JSON.
 * https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-request-components.html
 */
export function readJson(text: string): { elements: JsonElement[]; valid: boolean } {
  const reader = new Reader(text);
  const valid = reader.value('', 0) && reader.atEnd();
  return { elements: reader.elements, valid };
}

class Reader {
  readonly elements: JsonElement[] = [];
  #at = 0;

  constructor(readonly text: string) {}

  atEnd(): boolean {
    this.#space();
    return this.#at === this.text.length;
  }

  value(pointer: string, depth: number): boolean {
    this.#space();
    const next = this.text[this.#at];
    if (depth > DEEPEST) return false;
    if (next === '{') return this.#object(pointer, depth + 1);
    if (next === '[') return this.#array(pointer, depth + 1);
    const scalar = next === '"' ? this.#string() : this.#plain();
    if (scalar === undefined) return false;
    this.elements.push({ kind: 'VALUE', pointer, text: scalar });
    return true;
  }

  #object(pointer: string, depth: number): boolean {
    this.#at++;
    if (this.#takes('}')) return true;
    do {
      this.#space();
      const key = this.text[this.#at] === '"' ? this.#string() : undefined;
      if (key === undefined) return false;
      const below = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      this.elements.push({ kind: 'KEY', pointer: below, text: key });
      if (!this.#takes(':') || !this.value(below, depth)) return false;
    } while (this.#takes(','));
    return this.#takes('}');
  }

  #array(pointer: string, depth: number): boolean {
    this.#at++;
    if (this.#takes(']')) return true;
    let index = 0;
    do {
      if (!this.value(`${pointer}/${index++}`, depth)) return false;
    } while (this.#takes(','));
    return this.#takes(']');
  }

  /** What is between the quotes; undefined where they do not close, or what is between is no JSON. */
  #string(): string | undefined {
    const from = this.#at++;
    for (; this.#at < this.text.length; this.#at++) {
      const char = this.text[this.#at];
      if (char === '\\') this.#at++;
      else if (char === '"') {
        this.#at++;
        return unescaped(this.text.slice(from, this.#at));
      }
    }
    return undefined;
  }

  #plain(): string | undefined {
    const pattern = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #takes(char: string): boolean {
    this.#space();
    if (this.text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #space(): void {
    while (' \t\n\r'.includes(this.text[this.#at] ?? 'x')) this.#at++;
  }
}

/** Escapes name characters, the text around them is bytes. */
function unescaped(quoted: string): string | undefined {
  try {
    const text: unknown = JSON.parse(Buffer.from(quoted, 'latin1').toString('utf8'));
    return typeof text === 'string' ? Buffer.from(text).toString('latin1') : undefined;
  } catch {
    return undefined;
  }
}
