import type {
  CacheCluster,
  CacheParameterGroup,
  CacheSubnetGroup,
  ReplicationGroup,
  Tag,
} from '@aws-sdk/client-elasticache';
import { AwsError, type Call } from '../../kernel';
import type { Collection, Store } from '../../storage';

/** One server: a cache cluster of its own, or a member of a replication group. */
export interface NodeRecord {
  id: string;
  /** The names that lead to it, each with the cluster's port. */
  names: string[];
  /** The node it copies from. */
  replicaOf?: string;
  directory: string;
}

export interface GroupRecord {
  description: ReplicationGroup & { ReplicationGroupId: string; ARN: string };
  nodes: NodeRecord[];
  port: number;
  engine: string;
  engineVersion: string;
  parameterGroup: string;
  subnetGroup?: string;
  securityGroups: string[];
  /** AUTH token. */
  password?: string;
}

export interface ClusterRecord {
  description: CacheCluster & { CacheClusterId: string; ARN: string };
  nodes: NodeRecord[];
  port: number;
  parameterGroup: string;
}

export interface ParameterGroupRecord {
  description: CacheParameterGroup & { CacheParameterGroupName: string; ARN: string };
  parameters: Record<string, string>;
}

export type SubnetGroupRecord = CacheSubnetGroup & { CacheSubnetGroupName: string; ARN: string };

export const groups = (store: Store): Collection<GroupRecord> =>
  store.collection('replication-groups', { sealed: true });
export const clusters = (store: Store): Collection<ClusterRecord> =>
  store.collection('clusters', { sealed: true });
export const subnetGroups = (store: Store): Collection<SubnetGroupRecord> =>
  store.collection('subnet-groups');
export const parameterGroups = (store: Store): Collection<ParameterGroupRecord> =>
  store.collection('parameter-groups');
/** By resource ARN. */
export const tags = (store: Store): Collection<Tag[]> => store.collection('tags');

export function findGroup(call: Call, id: string | undefined): GroupRecord {
  const found = groups(call.store).get(String(id).toLowerCase());
  if (!found)
    throw new AwsError('ReplicationGroupNotFoundFault', `ReplicationGroup ${id} not found.`, { status: 404 });
  return found;
}

export function findCluster(call: Call, id: string | undefined): ClusterRecord {
  const found = clusters(call.store).get(String(id).toLowerCase());
  if (!found) throw new AwsError('CacheClusterNotFound', `CacheCluster not found: ${id}`, { status: 404 });
  return found;
}

export function findSubnetGroup(call: Call, name: string | undefined): SubnetGroupRecord {
  const found = subnetGroups(call.store).get(String(name).toLowerCase());
  if (!found)
    throw new AwsError('CacheSubnetGroupNotFoundFault', `Cache Subnet Group ${name} does not exist.`, {
      status: 400,
    });
  return found;
}

/** The suffix of this account's endpoints in this region, e.g. `a1b2c3`. */
export function endpointSuffix(call: Call): string {
  const suffixes = call.store.collection<string>('endpoint-suffix');
  const suffix = suffixes.get('suffix') ?? call.ids.lower(6);
  suffixes.put('suffix', suffix);
  return suffix;
}

/** ElastiCache's short region names: `us-east-1` is `use1`, `ap-southeast-2` is `apse2`. */
export function shortRegion(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  const short = direction.replace(
    /(north|south)(east|west)/,
    (_all, first: string, second: string) => first[0]! + second[0]!,
  );
  return `${area}${short.length > 2 ? short[0] : short}${number}`;
}

/** One page of a described list: `MaxRecords` is 20 to 100; the marker is the key to go on behind. */
export function page<V>(
  items: Iterable<{ key: readonly (string | number)[]; value: V }>,
  input: { Marker?: string | undefined; MaxRecords?: number | undefined },
): { values: V[]; Marker?: string } {
  const size = input.MaxRecords ?? 100;
  if (size < 20 || size > 100)
    throw new AwsError('InvalidParameterValue', 'The parameter MaxRecords must be between 20 and 100.');
  const values: V[] = [];
  let last = '';
  for (const { key, value } of items) {
    const name = String(key[0]);
    if (input.Marker !== undefined && name <= input.Marker) continue;
    if (values.length === size) return { values, Marker: last };
    values.push(value);
    last = name;
  }
  return { values };
}
