import { invalid } from '../errors';
import { addNumbers, subtractNumbers } from '../values/number';
import { type Item, tagOf, type Value } from '../values/value';
import type { Action, Operand, Path } from './ast';
import { Draft } from './draft';
import { valueAt } from './paths';

/** The item that the actions make of `item`, which stays as it is. */
export function applyUpdate(item: Item, actions: readonly Action[]): Item {
  const draft = new Draft(item);
  // Every operand is read from the item as it was: no action sees what another one did.
  for (const { section, path, operand } of actions) {
    if (section === 'SET') draft.set(path, assigned(item, operand!));
    else if (section === 'REMOVE') draft.remove(path);
    else change(draft, item, section, path, operand!);
  }
  return draft.finish();
}

function change(draft: Draft, item: Item, section: 'ADD' | 'DELETE', path: Path, operand: Operand): void {
  const addend = assigned(item, operand);
  const current = valueAt(item, path);
  if (current === undefined) {
    // Even where there is nothing to take away, the path has to lead somewhere.
    if (section === 'ADD') draft.set(path, addend);
    else draft.remove(path);
    return;
  }
  if (tagOf(current) !== tagOf(addend)) throw wrongType();
  const next = section === 'ADD' ? sum(current, addend) : difference(current, addend);
  if (next) draft.set(path, next);
  else draft.remove(path);
}

function sum(current: Value, addend: Value): Value {
  if (current.N !== undefined && addend.N !== undefined) return { N: addNumbers(current.N, addend.N) };
  if (current.SS && addend.SS) return { SS: [...new Set([...current.SS, ...addend.SS])] };
  if (current.NS && addend.NS) return { NS: [...new Set([...current.NS, ...addend.NS])] };
  if (current.BS && addend.BS) return { BS: binaries([...current.BS, ...addend.BS]) };
  throw wrongType();
}

/** The set without the members of `taken`; undefined if nothing is left, for there are no empty sets. */
function difference(current: Value, taken: Value): Value | undefined {
  if (current.SS && taken.SS) return without(current.SS, taken.SS, (SS) => ({ SS }));
  if (current.NS && taken.NS) return without(current.NS, taken.NS, (NS) => ({ NS }));
  if (!current.BS || !taken.BS) throw wrongType();
  const gone = new Set(taken.BS.map(hex));
  const BS = current.BS.filter((member) => !gone.has(hex(member)));
  return BS.length > 0 ? { BS } : undefined;
}

function without(members: string[], taken: string[], make: (left: string[]) => Value): Value | undefined {
  const gone = new Set(taken);
  const left = members.filter((member) => !gone.has(member));
  return left.length > 0 ? make(left) : undefined;
}

function binaries(members: Uint8Array[]): Uint8Array[] {
  return [...new Map(members.map((member) => [hex(member), member])).values()];
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function assigned(item: Item, operand: Operand): Value {
  if (operand.kind === 'value') return operand.value;
  if (operand.kind === 'path') {
    const value = valueAt(item, operand.path);
    if (value !== undefined) return value;
    throw invalid('The provided expression refers to an attribute that does not exist in the item');
  }
  const [first, second] = operand.args as [Operand, Operand];
  if (operand.name === 'if_not_exists') {
    const present = first.kind === 'path' ? valueAt(item, first.path) : undefined;
    return present ?? assigned(item, second);
  }
  const left = assigned(item, first);
  const right = assigned(item, second);
  if (operand.name === 'list_append') {
    if (left.L === undefined || right.L === undefined) throw wrongType();
    return { L: [...left.L, ...right.L] };
  }
  if (left.N === undefined || right.N === undefined) throw wrongType();
  return { N: operand.name === '+' ? addNumbers(left.N, right.N) : subtractNumbers(left.N, right.N) };
}

function wrongType() {
  return invalid('An operand in the update expression has an incorrect data type');
}
