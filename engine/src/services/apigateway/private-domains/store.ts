import type { Call } from '../../../kernel';
import type { Store } from '../../../storage';
import { notFound } from '../errors';

/** A custom domain of private APIs. There may be several of a name: its id tells them apart. */
export interface PrivateDomain {
  id: string;
  name: string;
  certificateArn: string;
  certificateName?: string | undefined;
  uploaded: Date;
  /** Who may call it. */
  policy: string;
  tags: Record<string, string>;
}

export interface PrivateMapping {
  /** Empty for all that no other mapping takes. */
  basePath: string;
  restApiId: string;
  /** Empty where callers name it, behind the base path. */
  stage: string;
}

/** Lets a VPC endpoint call a domain. */
export interface AccessAssociation {
  domainId: string;
  endpoint: string;
  tags: Record<string, string>;
}

export function privateCollections(store: Store) {
  return {
    domains: store.collection<PrivateDomain>('private-domains'),
    /** By the domain's id, then the base path. */
    mappings: store.collection<PrivateMapping>('private-mappings'),
    /** By the VPC endpoint, then the domain's id. */
    associations: store.collection<AccessAssociation>('access-associations'),
  };
}

export const privateTables = (call: Call) => privateCollections(call.store);

export function requirePrivateDomain(
  call: Call,
  name: string | undefined,
  id: string | undefined,
): PrivateDomain {
  const domain = privateTables(call).domains.get(id ?? '');
  if (!domain || domain.name !== name) throw notFound('Invalid domain name identifier specified');
  return domain;
}
