import type { DBInstance, DBParameterGroup, DBSnapshot, DBSubnetGroup, Tag } from '@aws-sdk/client-rds';
import { AwsError, type Call } from '../../kernel';
import type { Collection, Store } from '../../storage';

export interface InstanceRecord {
  description: DBInstance & { DBInstanceIdentifier: string; DBInstanceArn: string };
  /** What the server needs at its next start. */
  user: string;
  password: string;
  database?: string;
  /** A state folder's subfolder, never reused. */
  directory: string;
  /** The snapshot's subfolder that its data is copied from, until that is done. */
  restoring?: string;
}

export interface SnapshotRecord {
  description: DBSnapshot & { DBSnapshotIdentifier: string; DBSnapshotArn: string };
  /** Of the instance it was taken of: what an instance made from it goes on with. */
  user: string;
  password: string;
  database?: string;
  instanceClass?: string;
  directory: string;
}

export interface ParameterGroupRecord {
  description: DBParameterGroup & { DBParameterGroupName: string; DBParameterGroupArn: string };
  parameters: Record<string, string>;
}

export type SubnetGroupRecord = DBSubnetGroup & { DBSubnetGroupName: string; DBSubnetGroupArn: string };

export const instances = (store: Store): Collection<InstanceRecord> =>
  store.collection('instances', { sealed: true });
export const snapshots = (store: Store): Collection<SnapshotRecord> =>
  store.collection('snapshots', { sealed: true });
export const subnetGroups = (store: Store): Collection<SubnetGroupRecord> =>
  store.collection('subnet-groups');
export const parameterGroups = (store: Store): Collection<ParameterGroupRecord> =>
  store.collection('parameter-groups');
/** By resource ARN. */
export const tags = (store: Store): Collection<Tag[]> => store.collection('tags');

/** Identifiers are stored and compared in lower case. */
export function findInstance(call: Call, identifier: string | undefined): InstanceRecord {
  const name = String(identifier)
    .replace(/^arn:.*:db:/, '')
    .toLowerCase();
  const found = instances(call.store).get(name);
  if (!found)
    throw new AwsError('DBInstanceNotFound', `DBInstance ${identifier} not found.`, { status: 404 });
  return found;
}

export function findSnapshot(call: Call, identifier: string | undefined): SnapshotRecord {
  const name = String(identifier)
    .replace(/^arn:.*:snapshot:/, '')
    .toLowerCase();
  const found = snapshots(call.store).get(name);
  if (!found)
    throw new AwsError('DBSnapshotNotFound', `DBSnapshot not found: ${identifier}`, { status: 404 });
  return found;
}

export function findSubnetGroup(call: Call, name: string | undefined): SubnetGroupRecord {
  const found = subnetGroups(call.store).get(String(name).toLowerCase());
  if (!found)
    throw new AwsError('DBSubnetGroupNotFoundFault', `DB subnet group '${name}' does not exist.`, {
      status: 404,
    });
  return found;
}

export function findParameterGroup(call: Call, name: string | undefined): ParameterGroupRecord {
  const found = parameterGroups(call.store).get(String(name).toLowerCase());
  if (!found)
    throw new AwsError('DBParameterGroupNotFound', `DBParameterGroup not found: ${name}`, { status: 404 });
  return found;
}

/** One page of a described list. `MaxRecords` is 20 to 100; the marker is the key to go on behind. */
export function page<V>(
  items: Iterable<{ key: readonly (string | number)[]; value: V }>,
  input: { Marker?: string | undefined; MaxRecords?: number | undefined },
): { values: V[]; Marker?: string } {
  const size = input.MaxRecords ?? 100;
  if (size < 20 || size > 100)
    throw new AwsError(
      'InvalidParameterValue',
      `Invalid value ${size} for MaxRecords. Must be between 20 and 100`,
    );
  const after = input.Marker ? Buffer.from(input.Marker, 'base64').toString() : undefined;
  const values: V[] = [];
  let last = '';
  for (const { key, value } of items) {
    const name = String(key[0]);
    if (after !== undefined && name <= after) continue;
    if (values.length === size) return { values, Marker: Buffer.from(last).toString('base64') };
    values.push(value);
    last = name;
  }
  return { values };
}
