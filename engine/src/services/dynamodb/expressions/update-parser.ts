import type { RawAction, RawOperand, SectionName } from './ast';
import { Faults } from './faults';
import { Lexer } from './lexer';
import { type OperandFault, OperandParser } from './operand-parser';

const FUNCTIONS = new Set(['if_not_exists', 'list_append']);
const SECTIONS = new Set(['SET', 'REMOVE', 'ADD', 'DELETE']);
const NO_KEYWORDS = new Set<string>();

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html */
export function parseUpdate(text: string): RawAction[] {
  return new UpdateParser(text).parse();
}

class UpdateParser {
  readonly #lexer: Lexer;
  readonly #faults = new Faults<OperandFault | 'section'>([
    'parens',
    'reserved',
    'unknownFunction',
    'section',
    'misusedFunction',
  ]);
  readonly #operands: OperandParser;
  readonly #actions: RawAction[] = [];

  constructor(text: string) {
    this.#lexer = new Lexer(text);
    this.#operands = new OperandParser(this.#lexer, this.#faults, FUNCTIONS, NO_KEYWORDS);
  }

  parse(): RawAction[] {
    const seen = new Set<SectionName>();
    do {
      const { token } = this.#lexer;
      const section = token.text.toUpperCase();
      if (token.kind !== 'word' || !SECTIONS.has(section)) throw this.#lexer.error();
      this.#lexer.take();
      this.#section(section as SectionName, seen);
    } while (this.#lexer.token.kind !== 'end');
    this.#faults.settle();
    return this.#actions;
  }

  #section(section: SectionName, seen: Set<SectionName>): void {
    if (seen.has(section)) {
      const message = `The "${section}" section can only be used once in an update expression;`;
      this.#faults.note('section', message);
    }
    seen.add(section);
    do {
      const path = this.#operands.path();
      if (section === 'REMOVE') this.#actions.push({ section, path });
      else if (section === 'SET') {
        this.#lexer.expect('=');
        this.#actions.push({ section, path, operand: this.#assigned() });
      } else {
        const { token } = this.#lexer;
        if (token.kind !== 'value') throw this.#lexer.error();
        this.#lexer.take();
        this.#actions.push({ section, path, operand: { kind: 'value', placeholder: token.text } });
      }
    } while (this.#lexer.accept(','));
  }

  /** `operand`, `operand + operand` or `operand - operand`, perhaps in parentheses. */
  #assigned(): RawOperand {
    const left = this.#term();
    for (const name of ['+', '-']) {
      if (this.#lexer.accept(name)) return { kind: 'call', name, args: [left, this.#term()] };
    }
    return left;
  }

  #term(): RawOperand {
    if (!this.#lexer.accept('(')) return this.#operands.bareOperand();
    if (this.#lexer.is('(')) this.#operands.redundant();
    const inner = this.#assigned();
    this.#lexer.expect(')');
    return inner;
  }
}
