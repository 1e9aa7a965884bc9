import { AwsError, type Call, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { invalidValue } from './errors';
import { all, collectionOf, find, findAll, newId, put } from './kinds';
import { defaultDhcp } from './make-vpc';
import type { Dhcp } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

const KEYS = [
  'domain-name',
  'domain-name-servers',
  'ntp-servers',
  'netbios-name-servers',
  'netbios-node-type',
  'ipv6-address-preferred-lease-time',
];

export const createDhcpOptions: Operation<'ec2', 'CreateDhcpOptions'> = (input, call) => {
  const options = (input.DhcpConfigurations ?? []).map(({ Key, Values }) => ({
    key: Key ?? '',
    values: Values ?? [],
  }));
  for (const { key, values } of options) {
    if (!KEYS.includes(key)) {
      throw invalidValue(`Value (${key}) for parameter name is invalid. Unknown DHCP option`);
    }
    if (values.length === 0 || (key.endsWith('servers') && values.length > 4)) {
      throw invalidValue(`Value (${values.join(', ')}) for parameter ${key} is invalid.`);
    }
    if (key === 'netbios-node-type' && !['1', '2', '4', '8'].includes(values[0]!)) {
      throw invalidValue(
        `Value (${values[0]}) for parameter netbios-node-type is invalid. Must be 1, 2, 4 or 8.`,
      );
    }
  }
  const dhcp: Dhcp = { id: newId(call, 'dhcp'), options };
  const tags = tagsFor('dhcp-options', input.TagSpecifications);
  call.store.transaction(() => {
    put(call, 'dhcp', dhcp);
    addTags(call, dhcp.id, tags);
  });
  return { DhcpOptions: showDhcp(call, dhcp) };
};

const FILTERS: Filters<Dhcp> = {
  'dhcp-options-id': (dhcp) => dhcp.id,
  key: (dhcp) => dhcp.options.map(({ key }) => key),
  value: (dhcp) => dhcp.options.flatMap(({ values }) => values),
};

export const describeDhcpOptions: Operation<'ec2', 'DescribeDhcpOptions'> = (input, call) => {
  const found = input.DhcpOptionsIds?.length
    ? findAll(call, 'dhcp', input.DhcpOptionsIds)
    : all(call, 'dhcp');
  const { items, next } = describe(call, input, found, { ...FILTERS, 'owner-id': () => call.account });
  return { DhcpOptions: items.map((dhcp) => showDhcp(call, dhcp)), ...next };
};

export const associateDhcpOptions: Operation<'ec2', 'AssociateDhcpOptions'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  // `default` takes a set off and brings AWS's own back.
  const id =
    input.DhcpOptionsId === 'default' ? defaultDhcp(call) : find(call, 'dhcp', input.DhcpOptionsId!).id;
  put(call, 'vpc', { ...vpc, dhcp: id });
  return {};
};

export const deleteDhcpOptions: Operation<'ec2', 'DeleteDhcpOptions'> = (input, call) => {
  const dhcp = find(call, 'dhcp', input.DhcpOptionsId!);
  if (all(call, 'vpc').some((vpc) => vpc.dhcp === dhcp.id)) {
    throw new AwsError(
      'DependencyViolation',
      `The dhcpOptions '${dhcp.id}' has dependencies and cannot be deleted.`,
    );
  }
  call.store.transaction(() => {
    collectionOf(call, 'dhcp').remove(dhcp.id);
    removeTags(call, dhcp.id, undefined);
  });
  return {};
};

function showDhcp(call: Call, dhcp: Dhcp) {
  return {
    OwnerId: call.account,
    Tags: tagsOf(call, dhcp.id),
    DhcpOptionsId: dhcp.id,
    DhcpConfigurations: dhcp.options.map(({ key, values }) => ({
      Key: key,
      Values: values.map((Value) => ({ Value })),
    })),
  };
}
