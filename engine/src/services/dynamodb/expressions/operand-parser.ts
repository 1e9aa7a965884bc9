import type { RawOperand, RawStep } from './ast';
import type { FaultSink } from './faults';
import type { Lexer } from './lexer';
import { isReserved } from './reserved';

export type OperandFault = 'parens' | 'unknownFunction' | 'misusedFunction' | 'reserved';

/** What condition and update expressions share: paths, values and calls. */
export class OperandParser {
  constructor(
    readonly lexer: Lexer,
    readonly faults: FaultSink<OperandFault>,
    /** Functions of this kind of expression. */
    readonly functions: ReadonlySet<string>,
    /** Words with a meaning of their own here, which are no attribute names. */
    readonly keywords: ReadonlySet<string>,
  ) {}

  /** An operand, perhaps in parentheses. */
  operand(): RawOperand {
    const { lexer } = this;
    if (!lexer.accept('(')) return this.bareOperand();
    if (lexer.is('(')) this.redundant();
    const inner = this.operand();
    lexer.expect(')');
    return inner;
  }

  bareOperand(): RawOperand {
    const { lexer } = this;
    const { token } = lexer;
    if (token.kind === 'value') {
      lexer.take();
      return { kind: 'value', placeholder: token.text };
    }
    if (token.kind === 'word' && lexer.peek().text === '(' && !this.#isKeyword(token.text))
      return this.#call();
    return { kind: 'path', path: this.path() };
  }

  redundant(): void {
    this.faults.note('parens', 'The expression has redundant parentheses;');
  }

  #call(): RawOperand {
    const { lexer } = this;
    const name = lexer.take().text;
    lexer.expect('(');
    const args = [this.operand()];
    while (lexer.accept(',')) args.push(this.operand());
    lexer.expect(')');
    if (!this.functions.has(name)) {
      this.faults.note('unknownFunction', `Invalid function name; function: ${name}`);
    }
    return { kind: 'call', name, args };
  }

  path(): RawStep[] {
    const { lexer } = this;
    const steps: RawStep[] = [this.#attribute()];
    for (;;) {
      if (lexer.accept('[')) {
        if (lexer.token.kind !== 'number') throw lexer.error();
        steps.push(Number(lexer.take().text));
        lexer.expect(']');
      } else if (lexer.accept('.')) steps.push(this.#attribute());
      else return steps;
    }
  }

  #attribute(): RawStep {
    const { lexer } = this;
    const { token } = lexer;
    if (token.kind === 'name') {
      lexer.take();
      return { placeholder: token.text };
    }
    if (token.kind !== 'word' || this.#isKeyword(token.text)) throw lexer.error();
    if (isReserved(token.text)) {
      const message = `Attribute name is a reserved keyword; reserved keyword: ${token.text}`;
      this.faults.note('reserved', message);
    }
    return lexer.take().text;
  }

  #isKeyword(word: string): boolean {
    return this.keywords.has(word.toUpperCase());
  }
}
