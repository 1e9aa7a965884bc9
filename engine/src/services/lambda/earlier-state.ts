import type { ServiceStores } from '../../kernel';
import { documentOf } from './permissions';
import { lambdaStore } from './store';

/** Policies were kept as statements once: what an earlier version left behind is brought up to date. */
export function readEarlierState(stores: ServiceStores): void {
  for (const { account, region } of stores.scopes()) {
    const { policies } = lambdaStore(stores.of(account, region));
    for (const { key, value } of [...policies.entries()]) {
      const statements: unknown = Reflect.get(value, 'statements');
      if (Array.isArray(statements)) policies.put(key, { document: documentOf(statements) });
    }
  }
}
