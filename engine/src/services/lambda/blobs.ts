import type { ServiceStores } from '../../kernel';
import { lambdaStore } from './store';

/** Every archive of a function's version or of a layer, also of a deleted layer that a version still uses. */
export function* blobsOf(stores: ServiceStores): Iterable<string> {
  for (const { account, region } of stores.scopes()) {
    const { versions, layers } = lambdaStore(stores.of(account, region));
    for (const { codeBlob, layers: used } of versions.values()) {
      if (codeBlob) yield codeBlob;
      for (const { blob } of used) yield blob;
    }
    for (const { blob } of layers.values()) yield blob;
  }
}
