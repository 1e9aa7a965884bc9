import type { ServiceName } from '../kernel';
import { services } from '../services/registry';
import type { Database, FileBlobs } from '../storage';

/** The services that keep blobs. One that is not named here would lose them: a test looks for those who write any. */
export const BLOB_KEEPERS: readonly ServiceName[] = ['s3', 'lambda'];

/**
 * Removes the blobs that no record refers to: those whose engine was killed between writing a file and recording it,
 * or between forgetting a record and removing its file. Gives their number.
 *
 * What this process wrote is left alone. The rest is looked up in one go, without a pause, so that no record can move
 * from what was not read yet to what was.
 */
export async function sweepBlobs(blobs: FileBlobs, database: Database): Promise<number> {
  const orphans = await blobs.earlier();
  if (orphans.size === 0) return 0;
  const keepers = await Promise.all(
    BLOB_KEEPERS.map(async (name) => ({ name, service: (await services[name]()).default })),
  );
  for (const { name, service } of keepers) {
    const stores = {
      of: (account: string, region: string) => database.store(name, account, region),
      scopes: () => database.scopes(name),
    };
    for (const id of service.blobs?.(stores) ?? []) orphans.delete(id);
  }
  for (const id of orphans) await blobs.remove(id);
  return orphans.size;
}
