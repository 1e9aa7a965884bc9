import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { describe, type Filters } from './describe';
import { all, collectionOf, find, findAll, hasDependencies, newId, put } from './kinds';
import { associationId } from './make-vpc';
import type { Route, RouteTable } from './records';
import { addTags, removeTags, tagsFor, tagsOf } from './tag-store';

export const createRouteTable: Operation<'ec2', 'CreateRouteTable'> = (input, call) => {
  const vpc = find(call, 'vpc', input.VpcId!);
  const table: RouteTable = {
    id: newId(call, 'routeTable'),
    vpc: vpc.id,
    routes: vpc.cidrs.map(({ cidr }) => ({ cidr, gateway: 'local', origin: 'CreateRouteTable' })),
    associations: [],
  };
  const tags = tagsFor('route-table', input.TagSpecifications);
  call.store.transaction(() => {
    put(call, 'routeTable', table);
    addTags(call, table.id, tags);
  });
  return { RouteTable: showTable(call, table) };
};

const FILTERS: Filters<RouteTable> = {
  'association.main': (table) => table.associations.map(({ main }) => main),
  'association.route-table-association-id': (table) => table.associations.map(({ id }) => id),
  'association.route-table-id': (table) => (table.associations.length > 0 ? table.id : undefined),
  'association.subnet-id': (table) => table.associations.map(({ subnet }) => subnet),
  'route-table-id': (table) => table.id,
  'route.destination-cidr-block': (table) => table.routes.map(({ cidr }) => cidr),
  'route.destination-ipv6-cidr-block': (table) => table.routes.map(({ cidr6 }) => cidr6),
  'route.destination-prefix-list-id': (table) => table.routes.map(({ prefixList }) => prefixList),
  'route.gateway-id': (table) => table.routes.map(({ gateway }) => gateway),
  'route.nat-gateway-id': (table) => table.routes.map(({ natGateway }) => natGateway),
  'route.origin': (table) => table.routes.map(({ origin }) => origin),
  'vpc-id': (table) => table.vpc,
};

export const describeRouteTables: Operation<'ec2', 'DescribeRouteTables'> = (input, call) => {
  const tables = input.RouteTableIds?.length
    ? findAll(call, 'routeTable', input.RouteTableIds)
    : all(call, 'routeTable');
  const more: Filters<RouteTable> = {
    ...FILTERS,
    'owner-id': () => call.account,
    'route.state': (table) => table.routes.map((route) => stateOf(call, route)),
  };
  const { items, next } = describe(call, input, tables, more);
  return { RouteTables: items.map((table) => showTable(call, table)), ...next };
};

export const deleteRouteTable: Operation<'ec2', 'DeleteRouteTable'> = (input, call) => {
  const table = find(call, 'routeTable', input.RouteTableId!);
  if (table.associations.length > 0) throw hasDependencies('routeTable', table.id);
  call.store.transaction(() => {
    collectionOf(call, 'routeTable').remove(table.id);
    removeTags(call, table.id, undefined);
  });
  return {};
};

export const associateRouteTable: Operation<'ec2', 'AssociateRouteTable'> = (input, call) => {
  const table = find(call, 'routeTable', input.RouteTableId!);
  if (input.GatewayId !== undefined) throw notImplemented('EC2 AssociateRouteTable GatewayId');
  if (input.SubnetId === undefined) {
    throw new AwsError('MissingParameter', 'The request must contain either a gateway ID or a subnet ID');
  }
  const subnet = find(call, 'subnet', input.SubnetId);
  if (subnet.vpc !== table.vpc) {
    throw new AwsError(
      'InvalidParameterValue',
      `Route table ${table.id} and subnet ${subnet.id} belong to different networks`,
    );
  }
  const held = tableOf(call, ({ subnet: of }) => of === subnet.id);
  const same = held?.table.id === table.id ? held.association : undefined;
  if (same) return { AssociationId: same.id, AssociationState: { State: 'associated' } };
  if (held) {
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `the specified association for route table ${table.id} conflicts with an existing association`,
    );
  }
  const id = associationId(call, 'rtbassoc');
  put(call, 'routeTable', {
    ...table,
    associations: [...table.associations, { id, main: false, subnet: subnet.id }],
  });
  return { AssociationId: id, AssociationState: { State: 'associated' } };
};

export const disassociateRouteTable: Operation<'ec2', 'DisassociateRouteTable'> = (input, call) => {
  const { table, association } = findAssociation(call, input.AssociationId!);
  if (association.main) {
    throw new AwsError(
      'InvalidParameterValue',
      `cannot disassociate the main route table association ${association.id}`,
    );
  }
  put(call, 'routeTable', {
    ...table,
    associations: table.associations.filter(({ id }) => id !== association.id),
  });
  return {};
};

/** Moves a subnet, or being the main table of the VPC, from one table to another, under a new id. */
export const replaceRouteTableAssociation: Operation<'ec2', 'ReplaceRouteTableAssociation'> = (
  input,
  call,
) => {
  const { table, association } = findAssociation(call, input.AssociationId!);
  const target = find(call, 'routeTable', input.RouteTableId!);
  const moved = { ...association, id: associationId(call, 'rtbassoc') };
  call.store.transaction(() => {
    put(call, 'routeTable', {
      ...table,
      associations: table.associations.filter(({ id }) => id !== association.id),
    });
    const now = find(call, 'routeTable', target.id);
    put(call, 'routeTable', { ...now, associations: [...now.associations, moved] });
  });
  return { NewAssociationId: moved.id, AssociationState: { State: 'associated' } };
};

type Association = RouteTable['associations'][number];

function tableOf(call: Call, test: (association: Association) => boolean) {
  for (const table of all(call, 'routeTable')) {
    const association = table.associations.find(test);
    if (association) return { table, association };
  }
  return undefined;
}

function findAssociation(call: Call, id: string) {
  const found = tableOf(call, (association) => association.id === id);
  if (!found)
    throw new AwsError('InvalidAssociationID.NotFound', `The association ID '${id}' does not exist`);
  return found;
}

/** A route whose target is gone leads nowhere: AWS keeps it and calls it a blackhole. */
function stateOf(call: Call, route: Route): 'active' | 'blackhole' {
  if (route.natGateway !== undefined) {
    const nat = collectionOf(call, 'natGateway').get(route.natGateway);
    return nat && !nat.deleted ? 'active' : 'blackhole';
  }
  if (route.networkInterface !== undefined) {
    return collectionOf(call, 'networkInterface').has(route.networkInterface) ? 'active' : 'blackhole';
  }
  if (route.gateway?.startsWith('igw-')) {
    return collectionOf(call, 'internetGateway').get(route.gateway)?.vpc ? 'active' : 'blackhole';
  }
  return 'active';
}

function showTable(call: Call, table: RouteTable) {
  return {
    Associations: table.associations.map(({ id, main, subnet }) => ({
      Main: main,
      RouteTableAssociationId: id,
      RouteTableId: table.id,
      ...(subnet === undefined ? {} : { SubnetId: subnet }),
      AssociationState: { State: 'associated' as const },
    })),
    PropagatingVgws: [],
    RouteTableId: table.id,
    Routes: table.routes.map((route) => showRoute(call, route)),
    Tags: tagsOf(call, table.id),
    VpcId: table.vpc,
    OwnerId: call.account,
  };
}

function showRoute(call: Call, route: Route) {
  return {
    ...(route.cidr === undefined ? {} : { DestinationCidrBlock: route.cidr }),
    ...(route.cidr6 === undefined ? {} : { DestinationIpv6CidrBlock: route.cidr6 }),
    ...(route.prefixList === undefined ? {} : { DestinationPrefixListId: route.prefixList }),
    ...(route.gateway === undefined ? {} : { GatewayId: route.gateway }),
    ...(route.natGateway === undefined ? {} : { NatGatewayId: route.natGateway }),
    ...(route.networkInterface === undefined ? {} : { NetworkInterfaceId: route.networkInterface }),
    Origin: route.origin,
    State: stateOf(call, route),
  };
}
