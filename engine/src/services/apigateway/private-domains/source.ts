import type { PrivateDomainSource } from '../../../execute-api/domains/private-domains';
import type { ServiceStores } from '../../../kernel';
import { executeArn } from './arns';
import { privateCollections } from './store';

/** The domain of a name that a VPC endpoint may call; one with a star stands for all of one label more. */
export const privateDomainsOf =
  (stores: ServiceStores): PrivateDomainSource =>
  ({ account, id, region }, name) => {
    const { associations, domains, mappings } = privateCollections(stores.of(account, region));
    const associated = [...associations.values({ prefix: [id] })].flatMap(
      ({ domainId }) => domains.get(domainId) ?? [],
    );
    const domain = [name, name.replace(/^[^.]+/, '*')]
      .map((one) => associated.find((candidate) => candidate.name === one))
      .find((found) => found !== undefined);
    return (
      domain && {
        arn: executeArn({ account, region }, domain),
        policy: domain.policy,
        mappings: [...mappings.values({ prefix: [domain.id] })].map(({ basePath, restApiId, stage }) => ({
          key: basePath,
          apiId: restApiId,
          stage,
        })),
      }
    );
  };
