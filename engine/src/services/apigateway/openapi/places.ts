import type { Call } from '../../../kernel';
import { checkPathPart, joinPath } from '../path-parts';
import { type ResourceRecord, tables } from '../store';

/** The resources of an API by their paths, made on the way where they are missing. */
export class Places {
  readonly #byPath = new Map<string, ResourceRecord>();
  readonly #children = new Map<string, ResourceRecord[]>();
  readonly #used = new Set<string>();
  readonly #root: ResourceRecord;

  constructor(
    readonly call: Call,
    readonly apiId: string,
    /** What the paths had for ids before all was overwritten. */
    readonly known: ReadonlyMap<string, string>,
  ) {
    for (const resource of tables(call).resources.values({ prefix: [apiId] })) this.#keep(resource);
    const root = this.#byPath.get('/');
    if (!root) throw new Error(`API ${apiId} has no root`);
    this.#root = root;
  }

  #keep(resource: ResourceRecord): void {
    this.#byPath.set(resource.path, resource);
    this.#used.add(resource.id);
    if (resource.parentId === undefined) return;
    const siblings = this.#children.get(resource.parentId);
    if (siblings) siblings.push(resource);
    else this.#children.set(resource.parentId, [resource]);
  }

  /** The id of the resource there. */
  at(parts: readonly string[]): string {
    let here = this.#root;
    for (const pathPart of parts) {
      const path = joinPath(here, pathPart);
      here = this.#byPath.get(path) ?? this.#make(here, pathPart, path);
    }
    return here.id;
  }

  #make(parent: ResourceRecord, pathPart: string, path: string): ResourceRecord {
    checkPathPart(pathPart, parent, this.#children.get(parent.id) ?? []);
    const id = this.known.get(path) ?? this.call.ids.lower(6);
    const resource: ResourceRecord = { id, parentId: parent.id, pathPart, path, methods: {} };
    tables(this.call).resources.put([this.apiId, id], resource);
    this.#keep(resource);
    return resource;
  }
}
