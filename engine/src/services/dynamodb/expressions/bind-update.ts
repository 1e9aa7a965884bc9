import { type Tag, tagOf } from '../values/value';
import type { Action, Operand, RawAction, RawOperand, SectionName } from './ast';
import type { Bindings } from './bindings';
import { Faults } from './faults';
import { PathTree } from './paths';

type Fault = 'placeholder' | 'overlap' | 'conflict' | 'operand' | 'function';

const LONG_NAMES: Partial<Record<Tag, string>> = {
  S: 'STRING',
  N: 'NUMBER',
  B: 'BINARY',
  NULL: 'NULL',
  BOOL: 'BOOLEAN',
  L: 'LIST',
  M: 'MAP',
};

/** Fills in the placeholders of an update and checks what can be checked without the item. */
export function bindUpdate(raw: readonly RawAction[], bindings: Bindings): Action[] {
  const faults = new Faults<Fault>(['placeholder', 'overlap', 'conflict', 'operand', 'function']);
  const paths = new PathTree();
  const actions = raw.map(({ section, path: steps, operand: rawOperand }) => {
    const path = bindings.path(steps, faults);
    paths.add(path, faults);
    if (!rawOperand) return { section, path };
    const operand = bindOperand(rawOperand, bindings, faults);
    if (section !== 'SET') checkAddend(section, operand, faults);
    return { section, path, operand };
  });
  faults.settle();
  return actions;
}

function bindOperand(raw: RawOperand, bindings: Bindings, faults: Faults<Fault>): Operand {
  if (raw.kind === 'path') return { kind: 'path', path: bindings.path(raw.path, faults) };
  if (raw.kind === 'value') return { kind: 'value', value: bindings.value(raw.placeholder, faults) };
  const args = raw.args.map((each) => bindOperand(each, bindings, faults));
  checkCall(raw.name, args, faults);
  return { kind: 'call', name: raw.name, args };
}

function checkCall(name: string, args: Operand[], faults: Faults<Fault>): void {
  const of = `operator or function: ${name}`;
  if (args.length !== 2) {
    const message = `Incorrect number of operands for operator or function; ${of}, number of operands: ${args.length}`;
    faults.note('function', message);
  } else if (name === 'if_not_exists') {
    if (args[0]?.kind !== 'path') {
      faults.note('function', `Operator or function requires a document path; ${of}`);
    }
  } else {
    const wanted: Tag = name === 'list_append' ? 'L' : 'N';
    for (const type of args.map(knownType)) {
      if (type && type !== wanted) {
        faults.note(
          'function',
          `Incorrect operand type for operator or function; ${of}, operand type: ${type}`,
        );
      }
    }
  }
}

function knownType(operand: Operand): Tag | undefined {
  if (operand.kind === 'value') return tagOf(operand.value);
  if (operand.kind === 'path') return undefined;
  return operand.name === 'list_append' ? 'L' : operand.name === 'if_not_exists' ? undefined : 'N';
}

/** ADD takes numbers and sets, DELETE sets. */
function checkAddend(section: SectionName, operand: Operand, faults: Faults<Fault>): void {
  if (operand.kind !== 'value') return;
  const type = tagOf(operand.value);
  const name = LONG_NAMES[type];
  if (name === undefined || (section === 'ADD' && type === 'N')) return;
  const message = `Incorrect operand type for operator or function; operator: ${section}, operand type: ${name}`;
  faults.note('operand', message);
}
