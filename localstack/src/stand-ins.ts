import type { Surroundings } from './surroundings';
import { isObject, type Reference, type Resource } from './template';

/** As LocalStack says of a placeholder's attributes. */
export const UNKNOWN = 'unknown';

/** What is there instead of a resource that LocalStack does not make: its value for a `Ref` or an attribute. */
export type StandIn = (reference: Reference, resource: Resource) => unknown;

/** The containers in the words of the template. Everything else that is not there has its logical id for a name. */
export function standIns(around: Pick<Surroundings, 'postgres' | 'cache'>): StandIn {
  const postgres = around.postgres.inside;
  const redis = around.cache.inside;
  const endpoints: Readonly<Record<string, { host: string; port: number; attributes: readonly string[] }>> = {
    'AWS::RDS::DBInstance': { ...postgres, attributes: ['Endpoint'] },
    'AWS::RDS::DBCluster': { ...postgres, attributes: ['Endpoint', 'ReadEndpoint'] },
    'AWS::ElastiCache::ReplicationGroup': {
      ...redis,
      attributes: ['PrimaryEndPoint', 'ReaderEndPoint', 'ConfigurationEndPoint'],
    },
    'AWS::ElastiCache::CacheCluster': { ...redis, attributes: ['RedisEndpoint', 'ConfigurationEndpoint'] },
  };
  return ({ logicalId, attribute }, { Type, Properties }) => {
    // The attachment's Ref is the secret it is attached to.
    if (Type === 'AWS::SecretsManager::SecretTargetAttachment') return Properties?.SecretId ?? UNKNOWN;
    if (attribute === undefined) return logicalId;
    const endpoint = endpoints[Type];
    const [name = '', part] = attribute.split('.');
    if (endpoint?.attributes.includes(name)) {
      if (part === 'Address') return endpoint.host;
      if (part === 'Port') return String(endpoint.port);
    }
    if (attribute === 'Id' || attribute === 'DistributionId') return logicalId;
    return UNKNOWN;
  };
}

/** The ones that a stand-in plays after the deployment, and why the template cannot. */
export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** Whom a secret is attached to. */
export function attachmentTarget(resource: Resource): string | undefined {
  const target = resource.Properties?.TargetId;
  return isObject(target) && typeof target.Ref === 'string' ? target.Ref : undefined;
}
