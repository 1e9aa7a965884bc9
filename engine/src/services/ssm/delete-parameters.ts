import type { Call, Operation } from '../../kernel';
import { parseReference } from './names';
import { notFound, stateOf } from './store';

function remove(call: Call, text: string): boolean {
  const { name } = parseReference(text);
  const state = stateOf(call);
  return call.store.transaction(() => {
    state.versions.clear({ prefix: name });
    return state.parameters.remove(name);
  });
}

export const deleteParameter: Operation<'ssm', 'DeleteParameter'> = (input, call) => {
  if (!remove(call, input.Name!)) throw notFound();
  return {};
};

export const deleteParameters: Operation<'ssm', 'DeleteParameters'> = (input, call) => {
  const DeletedParameters: string[] = [];
  const InvalidParameters: string[] = [];
  for (const name of new Set(input.Names!)) {
    (remove(call, name) ? DeletedParameters : InvalidParameters).push(name);
  }
  return { DeletedParameters, InvalidParameters };
};
