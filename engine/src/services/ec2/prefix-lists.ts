import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';

interface PrefixList {
  id: string;
  name: string;
  cidrs: readonly string[];
}

/**
 * The lists that gateway endpoints route to. Their ids differ by region; these are those of us-east-1, and their
 * blocks are AWS's there. https://docs.aws.amazon.com/vpc/latest/userguide/working-with-aws-managed-prefix-lists.html
 */
const SERVICES: readonly { service: string; id: string; cidrs: readonly string[] }[] = [
  { service: 's3', id: 'pl-63a5400a', cidrs: ['54.231.0.0/16', '52.216.0.0/15', '3.5.0.0/19'] },
  { service: 'dynamodb', id: 'pl-02cd2c6b', cidrs: ['3.218.180.0/22', '52.94.0.0/22', '52.119.224.0/20'] },
];

function prefixLists(call: Call): PrefixList[] {
  return SERVICES.map(({ service, id, cidrs }) => ({
    id,
    name: `com.amazonaws.${call.region}.${service}`,
    cidrs,
  }));
}

export function prefixListExists(call: Call, id: string): boolean {
  return prefixLists(call).some((list) => list.id === id);
}

export function prefixListOf(call: Call, serviceName: string): string | undefined {
  return prefixLists(call).find((list) => list.name === serviceName)?.id;
}

const FILTERS: Filters<PrefixList> = {
  'prefix-list-id': (list) => list.id,
  'prefix-list-name': (list) => list.name,
};

function asked(call: Call, ids: readonly string[] | undefined): PrefixList[] {
  const lists = prefixLists(call);
  if (!ids?.length) return lists;
  return ids.map((id) => {
    const list = lists.find((candidate) => candidate.id === id);
    if (!list)
      throw new AwsError('InvalidPrefixListID.NotFound', `The prefix list ID '${id}' does not exist`);
    return list;
  });
}

export const describePrefixLists: Operation<'ec2', 'DescribePrefixLists'> = (input, call) => {
  const { items, next } = describe(call, input, asked(call, input.PrefixListIds), FILTERS);
  return {
    PrefixLists: items.map(({ id, name, cidrs }) => ({
      Cidrs: [...cidrs],
      PrefixListId: id,
      PrefixListName: name,
    })),
    ...next,
  };
};

export const describeManagedPrefixLists: Operation<'ec2', 'DescribeManagedPrefixLists'> = (input, call) => {
  const { items, next } = describe(call, input, asked(call, input.PrefixListIds), {
    ...FILTERS,
    'owner-id': () => 'AWS',
  });
  return {
    PrefixLists: items.map(({ id, name }) => ({
      PrefixListId: id,
      AddressFamily: 'IPv4',
      State: 'create-complete' as const,
      PrefixListArn: `arn:aws:ec2:${call.region}:aws:prefix-list/${id}`,
      PrefixListName: name,
      Tags: [],
      OwnerId: 'AWS',
    })),
    ...next,
  };
};

export const getManagedPrefixListEntries: Operation<'ec2', 'GetManagedPrefixListEntries'> = (input, call) => {
  const [list] = asked(call, [input.PrefixListId!]);
  return { Entries: list!.cidrs.map((Cidr) => ({ Cidr })) };
};
