import type { Host } from '../kernel';

/** A stage of a REST API, wherever it is. */
export interface StagePlace {
  account: string;
  region: string;
  apiId: string;
  stageName: string;
}

/** The web ACLs of stages, which are a part of them: service apigateway has them. */
export interface StageWebAcls {
  exists(stage: StagePlace): boolean;
  get(stage: StagePlace): string | undefined;
  set(stage: StagePlace, webAclArn: string | undefined): void;
  /** The stages of an account and region with that web ACL. */
  having(account: string, region: string, webAclArn: string): { apiId: string; stageName: string }[];
}

interface Holder {
  of: StageWebAcls | undefined;
}

export const stageWebAclsHolder = (host: Host): Holder =>
  host.memo('execute-api.stage-web-acls', () => ({ of: undefined }));

/** For service wafv2, which associates web ACLs with stages. */
export async function stageWebAcls(host: Host): Promise<StageWebAcls> {
  const holder = stageWebAclsHolder(host);
  if (!holder.of) {
    // The service attaches them when it is called for the first time.
    const as = host.parts.identity.servicePrincipal('apigateway.amazonaws.com', '000000000000');
    await host.invoke('apigateway', 'GetAccount', {}, { as });
  }
  if (!holder.of) throw new Error('service apigateway has no stages');
  return holder.of;
}
