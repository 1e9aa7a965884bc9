import { type Call, parseArn } from '../../kernel';
import { type StackRecord, state } from '../../templates/records';
import { refuse } from '../../templates/refusal';

/** A stack by its name (if it is not deleted) or its id. */
export function lookUp(call: Call, nameOrId: string): StackRecord | undefined {
  const { stacks, names } = state(call.store);
  if (parseArn(nameOrId)) return stacks.get(nameOrId);
  const id = names.get(nameOrId);
  return id === undefined ? undefined : stacks.get(id);
}

/** How operations name a stack that is not there; they do not agree. */
const FORMS = {
  id: (name: string) => `Stack with id ${name} does not exist`,
  brackets: (name: string) => `Stack [${name}] does not exist`,
  quotes: (name: string) => `Stack '${name}' does not exist`,
} as const;

export function findStack(
  call: Call,
  nameOrId: string | undefined,
  form: keyof typeof FORMS = 'id',
): StackRecord {
  const found = nameOrId === undefined ? undefined : lookUp(call, nameOrId);
  if (!found) throw refuse(FORMS[form](nameOrId ?? ''));
  return found;
}
