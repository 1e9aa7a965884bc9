import { type Branch, type Expression, type Node, TemplateError } from './ast';
import { Expressions } from './expressions';
import { Source } from './source';

const PLAIN = /[^$#\\]+/y;
/** Directives swallow the rest of their line where it is empty. */
const LINE_END = /[ \t]*\r?\n/y;
const DIRECTIVE = /#(?:([A-Za-z_@]\w*)|\{([A-Za-z_@]\w*)\})/y;
const MACROS = /#(?:\{macro\}|macro)\s*\(\s*(\w+)/g;
const REFUSED = new Set(['include', 'parse']);

/** Parses a mapping template. https://velocity.apache.org/engine/1.7/user-guide.html */
export function parseTemplate(text: string): Node[] {
  return new Parser(text, macroNames(text)).all();
}

function macroNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(MACROS)].map((match) => match[1] ?? ''));
}

class Parser {
  readonly source: Source;
  readonly expressions: Expressions;

  constructor(
    text: string,
    readonly macros: ReadonlySet<string>,
  ) {
    this.source = new Source(text);
    this.expressions = new Expressions(this.source, (inner) => this.#interpolated(inner));
  }

  all(): Node[] {
    const { nodes, end } = this.#block();
    if (end !== undefined) throw new TemplateError(`Encountered "#${end}" without a directive it belongs to`);
    return nodes;
  }

  #interpolated(text: string): Expression {
    return { kind: 'interpolated', nodes: new Parser(text, this.macros).all() };
  }

  /** Up to and with the #end, #else or #elseif that ends the block, whose name it gives. */
  #block(): { nodes: Node[]; end?: string } {
    const { source } = this;
    const nodes: Node[] = [];
    const text = (piece: string) => {
      const last = nodes.at(-1);
      if (last?.kind === 'text') last.text += piece;
      else if (piece !== '') nodes.push({ kind: 'text', text: piece });
    };
    while (!source.ended) {
      const plain = source.take(PLAIN);
      if (plain !== undefined) text(plain);
      else if (this.#comment()) continue;
      else if (source.startsWith('\\')) text(this.#escape());
      else if (source.startsWith('$')) {
        const reference = this.expressions.reference();
        if (reference) nodes.push({ kind: 'reference', reference });
        else text(source.take(/\$/y) ?? '');
      } else {
        const verbatim = /#\[\[([\s\S]*?)\]\]#/y;
        const block = source.take(verbatim);
        if (block !== undefined) {
          text(block.slice(3, -3));
          continue;
        }
        const word = source.peek(DIRECTIVE);
        const name = word?.replace(/[#{}]/g, '');
        if (word !== undefined && (name === 'end' || name === 'else' || name === 'elseif')) {
          source.at += word.length;
          if (name !== 'elseif') source.take(LINE_END);
          return { nodes, end: name };
        }
        const node = name === undefined ? undefined : this.#directive(name, word ?? '', nodes);
        if (node) nodes.push(node);
        else text(source.take(/#/y) ?? '');
      }
    }
    return { nodes };
  }

  #comment(): boolean {
    const { source } = this;
    if (source.take(/##[^\n]*(?:\n|$)/y) !== undefined) return true;
    if (!source.startsWith('#*')) return false;
    if (source.take(/#\*[\s\S]*?\*#/y) === undefined)
      throw new TemplateError('Encountered "<EOF>" in a comment');
    return true;
  }

  /** `\$a` and `\#if` are what stands behind the backslash; any other backslash is itself. */
  #escape(): string {
    const { source } = this;
    source.at++;
    const escaped = source.peek(/[$#]!?\{?[A-Za-z_]/y);
    if (escaped === undefined) return '\\';
    return source.take(/[$#]/y) ?? '';
  }

  #directive(name: string, word: string, nodes: Node[]): Node | undefined {
    const { source } = this;
    const back = source.at;
    source.at += word.length;
    if (name === 'break' || name === 'stop') {
      source.take(LINE_END);
      return { kind: name };
    }
    const open = source.take(/[ \t]*\(/y);
    if (open === undefined || !(this.macros.has(name) || isBuiltIn(name))) {
      if (open === undefined && isBuiltIn(name)) throw source.unexpected();
      source.at = back;
      return undefined;
    }
    if (REFUSED.has(name)) throw new TemplateError(`#${name}: there are no other templates`);
    if (name === 'set') return this.#set(nodes, back);
    if (name === 'if') return this.#if();
    if (name === 'foreach') return this.#foreach();
    if (name === 'macro') return this.#macro();
    if (name === 'define') {
      const variable = this.#variable();
      this.#close();
      return { kind: 'define', name: variable, body: this.#body() };
    }
    if (name === 'evaluate') {
      const value = this.expressions.expression();
      this.#close();
      return { kind: 'evaluate', value };
    }
    const args: Expression[] = [];
    source.space();
    while (!source.startsWith(')')) {
      args.push(this.expressions.expression());
      source.take(/[\s,]+/y);
    }
    this.#close();
    return { kind: 'call', name, args };
  }

  #set(nodes: Node[], start: number): Node {
    const { source } = this;
    // What indents a #set at the beginning of a line goes with it.
    const last = nodes.at(-1);
    let line = start;
    while (source.text[line - 1] === ' ' || source.text[line - 1] === '\t') line--;
    if (last?.kind === 'text' && line < start && (line === 0 || source.text[line - 1] === '\n')) {
      last.text = last.text.slice(0, line - start);
    }
    source.space();
    const target = this.expressions.reference();
    if (!target || target.steps.at(-1)?.kind === 'method') throw source.unexpected();
    source.space();
    source.expect('=');
    const value = this.expressions.expression();
    this.#close();
    return { kind: 'set', target, value };
  }

  #if(): Node {
    const branches: Branch[] = [];
    let condition: Expression | undefined = this.expressions.expression();
    this.#close();
    for (;;) {
      const { nodes, end } = this.#block();
      branches.push({ ...(condition && { condition }), body: nodes });
      if (end === 'end') return { kind: 'if', branches };
      if (end === undefined || condition === undefined) throw this.source.unexpected();
      condition = undefined;
      if (end === 'elseif') {
        this.source.take(/[ \t]*/y);
        this.source.expect('(');
        condition = this.expressions.expression();
        this.#close();
      }
    }
  }

  #foreach(): Node {
    const variable = this.#variable();
    this.source.space();
    if (this.source.take(/in\b/y) === undefined) throw this.source.unexpected();
    const list = this.expressions.expression();
    this.#close();
    return { kind: 'foreach', variable, list, body: this.#body() };
  }

  #macro(): Node {
    const { source } = this;
    source.space();
    const name = source.take(/\w+/y);
    if (name === undefined) throw source.unexpected();
    const parameters: string[] = [];
    source.take(/[\s,]+/y);
    while (!source.startsWith(')')) {
      parameters.push(this.#variable());
      source.take(/[\s,]+/y);
    }
    this.#close();
    return { kind: 'macro', name, parameters, body: this.#body() };
  }

  #variable(): string {
    this.source.space();
    const reference = this.expressions.reference();
    if (!reference || reference.steps.length > 0) throw this.source.unexpected();
    return reference.name;
  }

  #close(): void {
    this.source.space();
    this.source.expect(')');
    this.source.take(LINE_END);
  }

  #body(): Node[] {
    const { nodes, end } = this.#block();
    if (end !== 'end') throw this.source.unexpected();
    return nodes;
  }
}

function isBuiltIn(name: string): boolean {
  return REFUSED.has(name) || ['set', 'if', 'foreach', 'macro', 'define', 'evaluate'].includes(name);
}
