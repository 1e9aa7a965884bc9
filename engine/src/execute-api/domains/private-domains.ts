import type { Host } from '../../kernel';
import type { Door } from '../../network';
import type { Mapping } from './domains';

/** A custom domain that a VPC endpoint may call. */
export interface PrivateDomain {
  arn: string;
  /** Who may call it. */
  policy: string;
  mappings: readonly Mapping[];
}

/** The domain of a name at an endpoint; undefined where none is associated with it. */
export type PrivateDomainSource = (door: Door, name: string) => PrivateDomain | undefined;

/** Where private custom domains come from: service apigateway attaches itself when it starts. */
export class PrivateDomains {
  source: PrivateDomainSource | undefined;

  async find(host: Host, door: Door, name: string): Promise<PrivateDomain | undefined> {
    if (!this.source) {
      // After a restart nobody may have called the service yet.
      const as = host.parts.identity.servicePrincipal('apigateway.amazonaws.com', door.account);
      await host.invoke('apigateway', 'GetAccount', {}, { as });
    }
    return this.source?.(door, name);
  }
}

export function privateDomains(host: Host): PrivateDomains {
  return host.memo('execute-api.private-domains', () => new PrivateDomains());
}
