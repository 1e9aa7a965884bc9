import { invalid } from '../errors';
import type { Comparator, RawCondition, RawOperand } from './ast';
import { Faults } from './faults';
import { Lexer } from './lexer';
import { type OperandFault, OperandParser } from './operand-parser';

const FUNCTIONS = new Set([
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
]);
const KEYWORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'IN']);
const COMPARATORS = new Set(['=', '<>', '<', '<=', '>', '>=']);
const MAX_OPERATORS = 300;
const MAX_LIST = 100;

/** A condition, or an operand that a comparator behind a closing parenthesis may still make one. */
type Node = { condition: RawCondition } | { operand: RawOperand };

/**
 * Condition, filter and key condition expressions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
export function parseCondition(text: string): RawCondition {
  return new ConditionParser(text).parse();
}

class ConditionParser {
  readonly #lexer: Lexer;
  readonly #faults = new Faults<OperandFault>(['parens', 'unknownFunction', 'misusedFunction', 'reserved']);
  readonly #operands: OperandParser;
  #operators = 0;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
    this.#operands = new OperandParser(this.#lexer, this.#faults, FUNCTIONS, KEYWORDS);
  }

  parse(): RawCondition {
    const condition = this.#condition(this.#or());
    if (this.#lexer.token.kind !== 'end') throw this.#lexer.error();
    this.#faults.settle();
    if (this.#operators > MAX_OPERATORS) {
      throw invalid(`The expression contains too many operators; operator count: ${this.#operators}`);
    }
    return condition;
  }

  #or(): Node {
    let node = this.#and();
    while (this.#lexer.isKeyword('OR')) {
      const left = this.#condition(node);
      this.#lexer.take();
      this.#operators++;
      node = { condition: { kind: 'or', left, right: this.#condition(this.#and()) } };
    }
    return node;
  }

  #and(): Node {
    let node = this.#not();
    while (this.#lexer.isKeyword('AND')) {
      const left = this.#condition(node);
      this.#lexer.take();
      this.#operators++;
      node = { condition: { kind: 'and', left, right: this.#condition(this.#not()) } };
    }
    return node;
  }

  #not(): Node {
    if (!this.#lexer.acceptKeyword('NOT')) return this.#comparison();
    this.#operators++;
    return { condition: { kind: 'not', condition: this.#condition(this.#not()) } };
  }

  #comparison(): Node {
    const left = this.#primary();
    const { token } = this.#lexer;
    if (token.kind === 'symbol' && COMPARATORS.has(token.text)) {
      const value = this.#left(left);
      this.#lexer.take();
      const right = this.#argument();
      return this.#leaf({ kind: 'compare', comparator: token.text as Comparator, left: value, right });
    }
    if (this.#lexer.isKeyword('BETWEEN')) {
      const value = this.#left(left);
      this.#lexer.take();
      const low = this.#argument();
      if (!this.#lexer.acceptKeyword('AND')) throw this.#lexer.error();
      return this.#leaf({ kind: 'between', value, low, high: this.#argument() });
    }
    if (this.#lexer.isKeyword('IN')) {
      const value = this.#left(left);
      this.#lexer.take();
      return this.#leaf({ kind: 'in', value, list: this.#list() });
    }
    return left;
  }

  #list(): RawOperand[] {
    this.#lexer.expect('(');
    const list = [this.#argument()];
    while (this.#lexer.accept(',')) list.push(this.#argument());
    this.#lexer.expect(')');
    if (list.length > MAX_LIST) {
      throw invalid(`The IN operator is provided with too many operands; number of operands: ${list.length}`);
    }
    return list;
  }

  #primary(): Node {
    const lexer = this.#lexer;
    if (!lexer.accept('(')) return { operand: this.#operands.bareOperand() };
    const nested = lexer.is('(');
    const inner = this.#or();
    lexer.expect(')');
    // "((x))": the inner pair ended right before the outer one did.
    if (nested && this.#wasParenthesised === inner) this.#operands.redundant();
    this.#wasParenthesised = inner;
    return inner;
  }

  /** What the latest closing parenthesis enclosed. */
  #wasParenthesised: Node | undefined;

  #leaf(condition: RawCondition): Node {
    this.#operators++;
    return { condition };
  }

  /** The operand left of a comparator. */
  #left(node: Node): RawOperand {
    if (!('operand' in node)) throw this.#lexer.error();
    this.#refuseTests(node.operand);
    return node.operand;
  }

  /** An operand right of a comparator. */
  #argument(): RawOperand {
    const operand = this.#operands.operand();
    this.#refuseTests(operand);
    return operand;
  }

  /** Only size() gives a value; the other functions are conditions. */
  #refuseTests(operand: RawOperand): void {
    if (operand.kind === 'call' && operand.name !== 'size') this.#misused(operand.name);
  }

  #misused(name: string): void {
    const message = `The function is not allowed to be used this way in an expression; function: ${name}`;
    this.#faults.note('misusedFunction', message);
  }

  /** `node` where only a condition will do. */
  #condition(node: Node): RawCondition {
    if ('condition' in node) return node.condition;
    const { operand } = node;
    if (operand.kind !== 'call') throw this.#lexer.error();
    if (operand.name === 'size') this.#misused(operand.name);
    for (const argument of operand.args) this.#refuseTests(argument);
    this.#operators++;
    return { kind: 'test', name: operand.name, args: operand.args };
  }
}
