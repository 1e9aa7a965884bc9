import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { canonical, formatCidr, isCidr6, parseCidr } from './cidr';
import { invalidValue, missing } from './errors';
import { find, put } from './kinds';
import type { Route, RouteTable } from './records';

interface Destination {
  DestinationCidrBlock?: string | undefined;
  DestinationIpv6CidrBlock?: string | undefined;
  DestinationPrefixListId?: string | undefined;
}

interface Target {
  GatewayId?: string | undefined;
  NatGatewayId?: string | undefined;
  NetworkInterfaceId?: string | undefined;
}

function destinationOf(input: Destination): Pick<Route, 'cidr' | 'cidr6'> {
  if (input.DestinationPrefixListId !== undefined) throw notImplemented('EC2 routes to prefix lists');
  if (input.DestinationIpv6CidrBlock !== undefined) {
    if (!isCidr6(input.DestinationIpv6CidrBlock))
      throw notACidr(input.DestinationIpv6CidrBlock, 'destinationIpv6CidrBlock');
    return { cidr6: input.DestinationIpv6CidrBlock };
  }
  if (input.DestinationCidrBlock === undefined)
    throw missing('destinationCidrBlock or destinationIpv6CidrBlock');
  const cidr = parseCidr(input.DestinationCidrBlock);
  if (!cidr) throw notACidr(input.DestinationCidrBlock, 'destinationCidrBlock');
  return { cidr: formatCidr(canonical(cidr)) };
}

function notACidr(value: string, parameter: string): AwsError {
  return invalidValue(
    `Value (${value}) for parameter ${parameter} is invalid. This is not a valid CIDR block.`,
  );
}

const UNIMPLEMENTED = [
  'InstanceId',
  'EgressOnlyInternetGatewayId',
  'TransitGatewayId',
  'LocalGatewayId',
  'CarrierGatewayId',
  'VpcPeeringConnectionId',
  'VpcEndpointId',
  'CoreNetworkArn',
] as const;

function targetOf(
  call: Call,
  table: RouteTable,
  input: Target,
): Pick<Route, 'gateway' | 'natGateway' | 'networkInterface'> {
  for (const option of UNIMPLEMENTED) {
    if ((input as Record<string, unknown>)[option] !== undefined)
      throw notImplemented(`EC2 routes to ${option}`);
  }
  const given = [input.GatewayId, input.NatGatewayId, input.NetworkInterfaceId].filter(
    (id) => id !== undefined,
  );
  if (given.length === 0) {
    throw new AwsError(
      'MissingParameter',
      'The request must contain exactly one of gatewayId, natGatewayId, networkInterfaceId, vpcPeeringConnectionId or transitGatewayId',
    );
  }
  if (given.length > 1)
    throw new AwsError('InvalidParameterCombination', 'The request must contain exactly one target');
  if (input.GatewayId !== undefined) {
    if (input.GatewayId === 'local') return { gateway: 'local' };
    if (!input.GatewayId.startsWith('igw-')) throw notImplemented(`EC2 routes to gateway ${input.GatewayId}`);
    const gateway = find(call, 'internetGateway', input.GatewayId);
    if (gateway.vpc !== table.vpc) {
      throw invalidValue(
        `route table ${table.id} and network gateway ${gateway.id} belong to different networks`,
      );
    }
    return { gateway: gateway.id };
  }
  if (input.NatGatewayId !== undefined) {
    const nat = find(call, 'natGateway', input.NatGatewayId);
    if (nat.deleted)
      throw new AwsError('InvalidNatGatewayID.NotFound', `The natGateway ID '${nat.id}' does not exist`);
    if (nat.vpc !== table.vpc) {
      throw invalidValue(
        `route table ${table.id} and interface ${nat.networkInterface} belong to different networks`,
      );
    }
    return { natGateway: nat.id };
  }
  const networkInterface = find(call, 'networkInterface', input.NetworkInterfaceId!);
  if (networkInterface.vpc !== table.vpc) {
    throw invalidValue(
      `route table ${table.id} and interface ${networkInterface.id} belong to different networks`,
    );
  }
  return { networkInterface: networkInterface.id };
}

function sameDestination(a: Pick<Route, 'cidr' | 'cidr6'>, b: Route): boolean {
  return a.cidr !== undefined ? a.cidr === b.cidr : a.cidr6 === b.cidr6;
}

export const createRoute: Operation<'ec2', 'CreateRoute'> = (input, call) => {
  const table = find(call, 'routeTable', input.RouteTableId!);
  const destination = destinationOf(input);
  const target = targetOf(call, table, input);
  const held = table.routes.find((route) => sameDestination(destination, route));
  if (held) {
    // Asking again for the route that is there is no error.
    const same =
      held.gateway === target.gateway &&
      held.natGateway === target.natGateway &&
      held.networkInterface === target.networkInterface;
    if (same) return { Return: true };
    throw new AwsError(
      'RouteAlreadyExists',
      `The route identified by ${destination.cidr ?? destination.cidr6} already exists.`,
    );
  }
  put(call, 'routeTable', {
    ...table,
    routes: [...table.routes, { ...destination, ...target, origin: 'CreateRoute' }],
  });
  return { Return: true };
};

export const replaceRoute: Operation<'ec2', 'ReplaceRoute'> = (input, call) => {
  const table = find(call, 'routeTable', input.RouteTableId!);
  const destination = destinationOf(input);
  const target = targetOf(call, table, input.LocalTarget ? { ...input, GatewayId: 'local' } : input);
  if (!table.routes.some((route) => sameDestination(destination, route))) {
    throw new AwsError(
      'InvalidParameterValue',
      `There is no route defined for '${destination.cidr ?? destination.cidr6}' in the route table. Use CreateRoute instead.`,
    );
  }
  put(call, 'routeTable', {
    ...table,
    routes: table.routes.map((route) =>
      sameDestination(destination, route) ? { ...destination, ...target, origin: route.origin } : route,
    ),
  });
  return {};
};

export const deleteRoute: Operation<'ec2', 'DeleteRoute'> = (input, call) => {
  const table = find(call, 'routeTable', input.RouteTableId!);
  const destination = destinationOf(input);
  const route = table.routes.find((held) => sameDestination(destination, held));
  const text = destination.cidr ?? destination.cidr6;
  if (!route) {
    const kind = destination.cidr === undefined ? 'destination-ipv6-cidr-block' : 'destination-cidr-block';
    throw new AwsError('InvalidRoute.NotFound', `no route with ${kind} ${text} in route table ${table.id}`);
  }
  if (route.origin === 'CreateRouteTable') {
    throw invalidValue(`cannot remove local route ${text} in route table ${table.id}`);
  }
  put(call, 'routeTable', { ...table, routes: table.routes.filter((held) => held !== route) });
  return {};
};
