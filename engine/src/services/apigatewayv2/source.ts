import type { HttpApiSource, HttpStageRecord } from '../../http-api/deployed';
import type { ServiceStores } from '../../kernel';
import { snapshotOf } from './snapshot';
import { collections, owners } from './store';

/** What the request path is told of an API. */
export function sourceOf(stores: ServiceStores): HttpApiSource {
  const worldOwners = owners(stores.of('-', '-'));
  return (apiId) => {
    const owner = worldOwners.get(apiId);
    if (!owner) return undefined;
    const all = collections(stores.of(owner.account, owner.region));
    const api = all.apis.get(apiId);
    if (!api) return undefined;
    const stages: HttpStageRecord[] = [];
    for (const stage of all.stages.values({ prefix: [apiId] })) {
      if (stage.DeploymentId === undefined) continue;
      const frozen = stage.AutoDeploy ? undefined : all.snapshots.get([apiId, stage.DeploymentId]);
      stages.push({ stage, snapshot: frozen ?? snapshotOf(all, api) });
    }
    return { ...owner, closed: api.DisableExecuteApiEndpoint === true, stages };
  };
}
