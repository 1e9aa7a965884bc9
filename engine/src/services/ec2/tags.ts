import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { find, KINDS } from './kinds';
import type { Kinds } from './records';
import { addTags, allTags, removeTags } from './tag-store';

const BY_PREFIX = new Map(Object.entries(KINDS).map(([kind, { prefix }]) => [prefix, kind as keyof Kinds]));

function typeOf(id: string): string {
  const kind = BY_PREFIX.get(id.slice(0, id.indexOf('-')));
  return kind ? KINDS[kind].type : 'unknown';
}

/** The resource must be there to be tagged. */
function checkResource(call: Call, id: string): void {
  const kind = BY_PREFIX.get(id.slice(0, id.indexOf('-')));
  if (!kind) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
  find(call, kind, id);
}

export const createTags: Operation<'ec2', 'CreateTags'> = (input, call) => {
  for (const id of input.Resources!) checkResource(call, id);
  call.store.transaction(() => {
    for (const id of input.Resources!) addTags(call, id, input.Tags);
  });
  return {};
};

export const deleteTags: Operation<'ec2', 'DeleteTags'> = (input, call) => {
  for (const id of input.Resources!) checkResource(call, id);
  call.store.transaction(() => {
    for (const id of input.Resources!) removeTags(call, id, input.Tags);
  });
  return {};
};

interface Row {
  id: string;
  resource: string;
  key: string;
  value: string;
  type: string;
}

const FILTERS: Filters<Row> = {
  key: (row) => row.key,
  'resource-id': (row) => row.resource,
  'resource-type': (row) => row.type,
  value: (row) => row.value,
};

export const describeTags: Operation<'ec2', 'DescribeTags'> = (input, call) => {
  const rows = allTags(call).map(({ id, key, value }) => ({
    id: `${id}/${key}`,
    resource: id,
    key,
    value,
    type: typeOf(id),
  }));
  const { items, next } = describe(call, input, rows, FILTERS);
  return {
    Tags: items.map((row) => ({
      Key: row.key,
      ResourceId: row.resource,
      ResourceType: row.type as 'vpc',
      Value: row.value,
    })),
    ...next,
  };
};
