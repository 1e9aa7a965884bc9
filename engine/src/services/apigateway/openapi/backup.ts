import type { Call } from '../../../kernel';
import type { Collection, Key } from '../../../storage';
import { type ApiRecord, tables } from '../store';

/** What a definition says of an API, without what has been deployed. */
function parts(call: Call): Collection<unknown>[] {
  const all = tables(call);
  return [
    all.resources,
    all.models,
    all.validators,
    all.gatewayResponses,
    all.documentationParts,
    all.authorizers,
  ] as Collection<unknown>[];
}

export interface Backup {
  api: ApiRecord;
  entries: { key: Key; value: unknown }[][];
}

/** The API as it is, for when an import fails half way. */
export function backup(call: Call, api: ApiRecord): Backup {
  return { api, entries: parts(call).map((part) => [...part.entries({ prefix: [api.id] })]) };
}

export function restore(call: Call, { api, entries }: Backup): void {
  call.store.transaction(() => {
    tables(call).apis.put(api.id, api);
    for (const [index, part] of parts(call).entries()) {
      part.clear({ prefix: [api.id] });
      for (const { key, value } of entries[index] ?? []) part.put(key, value);
    }
  });
}

/** Empties an API of all that a definition defines; its root stays, and the ids of its paths are told. */
export function empty(call: Call, api: ApiRecord, keepDocumentation: boolean): Map<string, string> {
  const { resources, documentationParts } = tables(call);
  const ids = new Map<string, string>();
  for (const { id, path } of resources.values({ prefix: [api.id] })) ids.set(path, id);
  call.store.transaction(() => {
    for (const part of parts(call)) {
      if (keepDocumentation && part === (documentationParts as Collection<unknown>)) continue;
      part.clear({ prefix: [api.id] });
    }
    resources.put([api.id, api.rootResourceId], { id: api.rootResourceId, path: '/', methods: {} });
  });
  return ids;
}
