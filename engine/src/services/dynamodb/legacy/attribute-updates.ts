import type { AttributeValueUpdate } from '@aws-sdk/client-dynamodb';
import { invalidParameter } from '../errors';
import type { Action, Operand } from '../expressions/ast';
import { checkValue } from '../values/check';
import { tagOf } from '../values/value';

/** The legacy `AttributeUpdates` as the actions of an update expression. */
export function attributeUpdates(
  updates: Record<string, AttributeValueUpdate> | undefined,
): Action[] | undefined {
  if (!updates) return undefined;
  return Object.entries(updates).map(([attribute, update]) => action(attribute, update));
}

function action(attribute: string, { Action: name = 'PUT', Value }: AttributeValueUpdate): Action {
  const path = [attribute];
  if (!Value) {
    if (name === 'DELETE') return { section: 'REMOVE', path };
    throw invalidParameter('Only DELETE action is allowed when no attribute value is specified');
  }
  const value = checkValue(Value);
  const type = tagOf(value);
  if (name === 'DELETE' && !['SS', 'NS', 'BS'].includes(type)) {
    throw invalidParameter(`DELETE action with value is not supported for the type ${type}`);
  }
  if (name === 'ADD' && !['L', 'SS', 'NS', 'BS', 'N'].includes(type)) {
    throw invalidParameter(`ADD action is not supported for the type ${type}`);
  }
  if (name !== 'ADD' || type !== 'L') {
    return { section: name === 'PUT' ? 'SET' : name, path, operand: { kind: 'value', value } };
  }
  // To a list, the legacy ADD appends.
  const none: Operand = { kind: 'value', value: { L: [] } };
  const current: Operand = { kind: 'call', name: 'if_not_exists', args: [{ kind: 'path', path }, none] };
  const operand: Operand = { kind: 'call', name: 'list_append', args: [current, { kind: 'value', value }] };
  return { section: 'SET', path, operand };
}
