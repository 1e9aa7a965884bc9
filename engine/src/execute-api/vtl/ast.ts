import type { Value } from './values';

/** A template, as the parser leaves it. https://velocity.apache.org/engine/1.7/vtl-reference.html */
export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'reference'; reference: Reference }
  | { kind: 'set'; target: Reference; value: Expression }
  | { kind: 'if'; branches: Branch[] }
  | { kind: 'foreach'; variable: string; list: Expression; body: Node[] }
  | { kind: 'define'; name: string; body: Node[] }
  | { kind: 'macro'; name: string; parameters: string[]; body: Node[] }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'evaluate'; value: Expression }
  | { kind: 'break' }
  | { kind: 'stop' };

export interface Branch {
  /** None for #else. */
  condition?: Expression;
  body: Node[];
}

export interface Reference {
  name: string;
  steps: Step[];
}

export type Step =
  | { kind: 'property'; name: string }
  | { kind: 'method'; name: string; args: Expression[] }
  | { kind: 'index'; at: Expression };

export type Operator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

export type Expression =
  | { kind: 'literal'; value: Value }
  | { kind: 'interpolated'; nodes: Node[] }
  | { kind: 'reference'; reference: Reference }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'range'; from: Expression; to: Expression }
  | { kind: 'map'; entries: [Expression, Expression][] }
  | { kind: 'not'; operand: Expression }
  | { kind: 'minus'; operand: Expression }
  | { kind: 'binary'; operator: Operator; left: Expression; right: Expression };

/** What a broken template fails with. */
export class TemplateError extends Error {}
