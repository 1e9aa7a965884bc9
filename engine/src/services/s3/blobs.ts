import type { ServiceStores } from '../../kernel';
import type { Content } from './records';
import { State } from './store';

/** Every file that an object, an old version of one or a part of an upload has. */
export function* blobsOf(stores: ServiceStores): Iterable<string> {
  const state = new State(stores.of('-', '-'));
  for (const { value } of state.objects.entries()) yield* filesOf(value.contents);
  for (const { value } of state.archive.entries()) yield* filesOf(value.contents);
  for (const part of state.parts.values()) yield* filesOf([part.content]);
}

function* filesOf(contents: readonly Content[]): Iterable<string> {
  for (const { id, small } of contents) if (!small) yield id;
}
