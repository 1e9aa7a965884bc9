import { deployedApis } from '../../../execute-api/deployed';
import { type StagePlace, stageWebAclsHolder } from '../../../execute-api/stage-web-acls';
import type { Host, ServiceStores } from '../../../kernel';
import { collections } from '../store';

/** Lets web ACLs be associated with stages, on whose record they are. */
export function attachStageWebAcls(host: Host, stores: ServiceStores): void {
  const stagesOf = ({ account, region }: { account: string; region: string }) =>
    collections(stores.of(account, region)).stages;
  const find = (place: StagePlace) => stagesOf(place).get([place.apiId, place.stageName]);
  stageWebAclsHolder(host).of = {
    exists: (place) => find(place) !== undefined,
    get: (place) => find(place)?.webAclArn,
    set(place, webAclArn) {
      const stage = find(place);
      if (!stage) return;
      stagesOf(place).put([place.apiId, place.stageName], { ...stage, webAclArn });
      deployedApis(host).invalidate(place.apiId);
    },
    having: (account, region, webAclArn) =>
      [...stagesOf({ account, region }).entries()]
        .filter(({ value }) => value.webAclArn === webAclArn)
        .map(({ key: [apiId, stageName] }) => ({ apiId: String(apiId), stageName: String(stageName) })),
  };
}
