import { invalid } from '../errors';
import type { Path } from '../expressions/ast';
import { keyAttributes, type Table } from '../tables/table';

/** Refuses paths that go into a key attribute, which is never a map or a list. */
export function checkKeyPaths(table: Table, paths: readonly Path[]): void {
  for (const path of paths) {
    if (path.length < 2) continue;
    const refuse = (label: string) =>
      invalid(
        `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${label}: ${path[0]}`,
      );
    if (keyAttributes(table.key).some((key) => key.name === path[0])) throw refuse('Key');
    for (const index of table.indexes) {
      if (keyAttributes(index.key).some((key) => key.name === path[0])) throw refuse('IndexKey');
    }
  }
}
