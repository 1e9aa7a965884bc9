import type { DBInstance, DBParameterGroup, DBSubnetGroup, Tag } from '@aws-sdk/client-rds';
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
}

export interface ParameterGroupRecord {
  description: DBParameterGroup & { DBParameterGroupName: string; DBParameterGroupArn: string };
  parameters: Record<string, string>;
}

export type SubnetGroupRecord = DBSubnetGroup & { DBSubnetGroupName: string; DBSubnetGroupArn: string };

export const instances = (store: Store): Collection<InstanceRecord> => store.collection('instances');
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
