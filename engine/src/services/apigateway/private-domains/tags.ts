import type { Call } from '../../../kernel';
import { requireAssociation } from './associations';
import { privateTables, requirePrivateDomain } from './store';

type Tags = Record<string, string>;

/** The tags of what an ARN names; undefined where it is no private domain's, nor an access association's. */
export function privateTags(call: Call, arn = ''): { tags: Tags; put(tags: Tags): void } | undefined {
  const [, name, id] = /:\/domainnames\/([^/+]+)\+([a-z0-9]+)$/.exec(arn) ?? [];
  const { associations, domains } = privateTables(call);
  if (id !== undefined) {
    const domain = requirePrivateDomain(call, name, id);
    return { tags: domain.tags, put: (tags) => domains.put(id, { ...domain, tags }) };
  }
  if (!arn.includes(':/domainnameaccessassociations/')) return undefined;
  const association = requireAssociation(call, arn);
  const { domainId, endpoint, tags } = association;
  return {
    tags,
    put: (changed) => associations.put([endpoint, domainId], { ...association, tags: changed }),
  };
}
