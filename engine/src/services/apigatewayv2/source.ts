import type { DomainSource } from '../../execute-api/domains/domains';
import type { HttpApiSource, HttpStageRecord } from '../../http-api/deployed';
import type { ServiceStores } from '../../kernel';
import { snapshotOf } from './snapshot';
import { collections, domainOwners, domainTables, owners } from './store';

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

/** What custom domains lead to; a name with a star stands for all of one label more. */
export function domainsOf(stores: ServiceStores): DomainSource {
  const all = domainOwners(stores.of('-', '-'));
  return (name) => {
    const known = [name, name.replace(/^[^.]+/, '*')].find((one) => all.has(one));
    const owner = known === undefined ? undefined : all.get(known);
    if (known === undefined || !owner) return undefined;
    const { mappings, truststoreIds, truststores } = domainTables(stores.of(owner.account, owner.region));
    const id = truststoreIds.get(known);
    return {
      mappings: [...mappings.values({ prefix: [known] })].map((one) => ({
        key: one.ApiMappingKey,
        apiId: one.ApiId ?? '',
        stage: one.Stage ?? '',
      })),
      ...(id !== undefined && { truststore: { id, pem: () => truststores.get(known) ?? '' } }),
    };
  };
}
