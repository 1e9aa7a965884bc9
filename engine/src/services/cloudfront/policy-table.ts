import type { Call } from '../../kernel';
import type { Collection } from '../../storage';
import { changed } from './changes';
import { checkVersion, fail, notThere } from './errors';
import { listPage } from './pages';
import { type DistributionRecord, newId, tables, type Versioned } from './store';

/** What the three kinds of policies have in common. */
export interface PolicyKind<C> {
  /** As in its errors: `CachePolicy`. */
  name: string;
  managed: ReadonlyMap<string, C>;
  collection(call: Call): Collection<Versioned<C>>;
  nameOf(config: C): string;
  /** Refuses what is invalid or not implemented. */
  check(config: C): void;
  usedBy(distribution: DistributionRecord, id: string): boolean;
}

const MANAGED_SINCE = new Date(Date.UTC(2020, 6, 22));

export function policyTable<C>(kind: PolicyKind<C>) {
  const get = (call: Call, id: string | undefined): Versioned<C> => {
    const own = kind.collection(call).get(id ?? '');
    if (own) return own;
    const managed = kind.managed.get(id ?? '');
    if (!managed) throw notThere(kind.name, `The ${words(kind.name)} does not exist.`);
    return { id: id ?? '', etag: 'E23ZP02F085DFQ', modified: MANAGED_SINCE, config: managed };
  };
  const checkName = (call: Call, config: C, except?: string) => {
    for (const other of kind.collection(call).values()) {
      if (other.id !== except && kind.nameOf(other.config) === kind.nameOf(config)) {
        throw fail(
          `${kind.name}AlreadyExists`,
          `A ${words(kind.name)} with this name already exists. You must provide a unique name. To modify an existing ${words(kind.name)}, use Update${kind.name}.`,
          409,
        );
      }
    }
  };
  const own = (call: Call, id: string | undefined, ifMatch: string | undefined): Versioned<C> => {
    const record = get(call, id);
    if (kind.managed.has(record.id)) throw fail('AccessDenied', 'You cannot change a managed policy.', 403);
    checkVersion(record.etag, ifMatch);
    return record;
  };
  return {
    get,
    create(call: Call, config: C): Versioned<C> {
      kind.check(config);
      checkName(call, config);
      const record = { id: call.ids.uuid(), etag: newId(call), modified: call.clock.now(), config };
      kind.collection(call).put(record.id, record);
      return record;
    },
    update(call: Call, id: string | undefined, ifMatch: string | undefined, config: C): Versioned<C> {
      const record = own(call, id, ifMatch);
      kind.check(config);
      checkName(call, config, record.id);
      const updated = { ...record, etag: newId(call), modified: call.clock.now(), config };
      kind.collection(call).put(record.id, updated);
      for (const distribution of tables(call).distributions.values()) {
        if (kind.usedBy(distribution, record.id)) changed(call, distribution.id);
      }
      return updated;
    },
    remove(call: Call, id: string | undefined, ifMatch: string | undefined): void {
      const record = own(call, id, ifMatch);
      for (const distribution of tables(call).distributions.values()) {
        if (!kind.usedBy(distribution, record.id)) continue;
        throw fail(
          `${kind.name}InUse`,
          `Cannot delete the ${words(kind.name)} because it is attached to one or more cache behaviors.`,
          409,
        );
      }
      kind.collection(call).remove(record.id);
    },
    list(call: Call, input: { Type?: string; Marker?: string; MaxItems?: number | string }) {
      const managed = [...kind.managed.keys()].map((id) => ({
        type: 'managed' as const,
        record: get(call, id),
      }));
      const custom = [...kind.collection(call).values()].map((record) => ({
        type: 'custom' as const,
        record,
      }));
      const all = [...managed, ...custom].filter(({ type }) => !input.Type || input.Type === type);
      return listPage(all, ({ record }) => record.id, input);
    },
  };
}

/** `OriginRequestPolicy` as AWS says it in sentences: `origin request policy`. */
function words(name: string): string {
  return name.replace(/(?!^)([A-Z])/g, ' $1').toLowerCase();
}
