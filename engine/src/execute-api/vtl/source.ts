import { TemplateError } from './ast';

/** A template and how far it has been read. */
export class Source {
  at = 0;

  constructor(readonly text: string) {}

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  startsWith(what: string): boolean {
    return this.text.startsWith(what, this.at);
  }

  /** What a sticky pattern finds here, not read yet. */
  peek(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0];
  }

  take(pattern: RegExp): string | undefined {
    const found = this.peek(pattern);
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** White space inside directives, line ends too. */
  space(): void {
    this.take(/\s+/y);
  }

  expect(what: string): void {
    if (!this.startsWith(what)) throw this.unexpected();
    this.at += what.length;
  }

  unexpected(): TemplateError {
    const before = this.text.slice(0, this.at);
    const line = before.split('\n').length;
    const column = this.at - before.lastIndexOf('\n');
    const what = this.ended ? '<EOF>' : JSON.stringify(this.text[this.at]);
    return new TemplateError(`Encountered ${what} at line ${line}, column ${column}`);
  }
}
