import { notImplemented } from '../../kernel';

/** Refuses the parameters of an operation that are not implemented, by name, where a request gives one. */
export function refuse<I extends object>(
  operation: string,
  input: I,
  members: readonly (keyof I & string)[],
): void {
  for (const member of members) {
    if (input[member] !== undefined) throw notImplemented(`S3 ${operation} ${member}`);
  }
}
