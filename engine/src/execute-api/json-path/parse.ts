/** A JSONPath, as `$input.path`, `$input.json` and parameter mappings take it. */
export interface Step {
  /** `..`: here and anywhere below. */
  deep: boolean;
  select: Selector;
}

export type Selector =
  | { by: 'names'; names: string[] }
  | { by: 'indexes'; indexes: number[] }
  | { by: 'slice'; from: number | undefined; to: number | undefined }
  | { by: 'all' }
  | { by: 'filter'; filter: Filter }
  | { by: 'function'; name: string };

export type Filter =
  | { kind: 'or' | 'and'; left: Filter; right: Filter }
  | { kind: 'not'; operand: Filter }
  | { kind: 'exists'; of: Operand }
  | { kind: 'compare'; operator: string; left: Operand; right: Operand };

export type Operand =
  | { kind: 'value'; value: string | number | boolean | null }
  | { kind: 'pattern'; pattern: RegExp }
  | { kind: 'list'; items: Operand[] }
  | { kind: 'path'; root: '$' | '@'; steps: Step[] };

/** A path that is none. */
export class PathError extends Error {}

/** The syntax of Jayway's JsonPath. https://github.com/json-path/JsonPath#operators */
export function parsePath(path: string): Step[] {
  const parser = new PathParser(path);
  parser.expect('$');
  const steps = parser.steps();
  if (parser.at < path.length) throw parser.broken();
  return steps;
}

class PathParser {
  at = 0;

  constructor(readonly text: string) {}

  steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      const dots = this.take(/\.\.?/y);
      const deep = dots === '..';
      if (this.text[this.at] === '[') steps.push({ deep, select: this.#bracket() });
      else if (dots === undefined) return steps;
      else steps.push({ deep, select: this.#dotted() });
    }
  }

  #dotted(): Selector {
    if (this.take(/\*/y)) return { by: 'all' };
    const called = this.take(/(?:length|size|min|max|avg|sum|keys|first|last)\(\)/y);
    if (called) return { by: 'function', name: called.slice(0, -2) };
    const name = this.take(/[^.[\]()\s=!<>&|,]+/y);
    if (name === undefined) throw this.broken();
    return { by: 'names', names: [name] };
  }

  #bracket(): Selector {
    this.expect('[');
    this.space();
    const selector = this.#inBracket();
    this.space();
    this.expect(']');
    return selector;
  }

  #inBracket(): Selector {
    if (this.take(/\*/y)) return { by: 'all' };
    if (this.take(/\?\s*\(/y)) {
      const filter = this.#filter();
      this.space();
      this.expect(')');
      return { by: 'filter', filter };
    }
    const quote = this.text[this.at];
    if (quote === "'" || quote === '"') return { by: 'names', names: this.#separated(() => this.#quoted()) };
    const slice = /(-?\d*)\s*:\s*(-?\d*)/y.exec(this.text.slice(this.at));
    if (slice) {
      this.at += slice[0].length;
      return { by: 'slice', from: numberOf(slice[1]), to: numberOf(slice[2]) };
    }
    return { by: 'indexes', indexes: this.#separated(() => Number(this.#must(/-?\d+/y))) };
  }

  #separated<T>(one: () => T): T[] {
    const found = [one()];
    while (this.take(/\s*,\s*/y)) found.push(one());
    return found;
  }

  #quoted(): string {
    const text = this.#must(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/y);
    return text.slice(1, -1).replace(/\\(.)/g, '$1');
  }

  #filter(): Filter {
    let left = this.#conjunction();
    while (this.take(/\s*\|\|/y)) left = { kind: 'or', left, right: this.#conjunction() };
    return left;
  }

  #conjunction(): Filter {
    let left = this.#condition();
    while (this.take(/\s*&&/y)) left = { kind: 'and', left, right: this.#condition() };
    return left;
  }

  #condition(): Filter {
    this.space();
    if (this.take(/!(?!=)/y)) return { kind: 'not', operand: this.#condition() };
    if (this.take(/\(/y)) {
      const inner = this.#filter();
      this.space();
      this.expect(')');
      return inner;
    }
    const left = this.#operand();
    this.space();
    const operator = this.take(/===?|!==?|<=|>=|<|>|=~|\b(?:in|nin|contains|size|empty)\b/y);
    if (operator === undefined) return { kind: 'exists', of: left };
    this.space();
    return { kind: 'compare', operator, left, right: this.#operand() };
  }

  #operand(): Operand {
    const root = this.take(/[$@]/y);
    if (root === '$' || root === '@') return { kind: 'path', root, steps: this.steps() };
    const quote = this.text[this.at];
    if (quote === "'" || quote === '"') return { kind: 'value', value: this.#quoted() };
    if (quote === '[') {
      this.at++;
      this.space();
      const items = this.take(/\]/y) ? [] : this.#separated(() => this.#operand());
      if (items.length > 0) this.expect(']');
      return { kind: 'list', items };
    }
    const pattern = /\/((?:[^/\\]|\\.)*)\/([ims]*)/y;
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) {
      this.at = pattern.lastIndex;
      return { kind: 'pattern', pattern: new RegExp(`^(?:${found[1]})$`, found[2]) };
    }
    const word = this.take(/true\b|false\b|null\b/y);
    if (word) return { kind: 'value', value: word === 'null' ? null : word === 'true' };
    return { kind: 'value', value: Number(this.#must(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y)) };
  }

  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  #must(pattern: RegExp): string {
    const found = this.take(pattern);
    if (found === undefined) throw this.broken();
    return found;
  }

  space(): void {
    this.take(/\s*/y);
  }

  expect(what: string): void {
    if (!this.text.startsWith(what, this.at)) throw this.broken();
    this.at += what.length;
  }

  broken(): PathError {
    return new PathError(`not a JSON path: ${this.text}`);
  }
}

const numberOf = (text: string | undefined) => (text ? Number(text) : undefined);
