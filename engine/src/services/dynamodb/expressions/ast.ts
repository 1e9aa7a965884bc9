import type { Value } from '../values/value';

/** One step of a document path as written: an attribute, a placeholder (`#name`), or a list index. */
export type RawStep = string | number | { placeholder: string };
/** A document path with its placeholders filled in. */
export type Path = readonly (string | number)[];

export type RawOperand =
  | { kind: 'path'; path: RawStep[] }
  | { kind: 'value'; placeholder: string }
  | { kind: 'call'; name: string; args: RawOperand[] };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** A condition over operands of type `O`: as written (RawOperand) or bound (Operand). */
type ConditionOf<O> =
  | { kind: 'and'; left: ConditionOf<O>; right: ConditionOf<O> }
  | { kind: 'or'; left: ConditionOf<O>; right: ConditionOf<O> }
  | { kind: 'not'; condition: ConditionOf<O> }
  | { kind: 'compare'; comparator: Comparator; left: O; right: O }
  | { kind: 'between'; value: O; low: O; high: O }
  | { kind: 'in'; value: O; list: O[] }
  | { kind: 'test'; name: string; args: O[] };

export type RawCondition = ConditionOf<RawOperand>;

/** An operand whose placeholders are filled in. */
export type Operand =
  | { kind: 'path'; path: Path }
  | { kind: 'value'; value: Value }
  | { kind: 'call'; name: string; args: Operand[] };

export type Condition = ConditionOf<Operand>;

export type SectionName = 'SET' | 'REMOVE' | 'ADD' | 'DELETE';

export interface RawAction {
  section: SectionName;
  path: RawStep[];
  /** What is set, added or deleted; REMOVE has none. Arithmetic is a call named '+' or '-'. */
  operand?: RawOperand;
}

/** Where bound actions are applied: `operand` is undefined for REMOVE only. */
export interface Action {
  section: SectionName;
  path: Path;
  operand?: Operand;
}
