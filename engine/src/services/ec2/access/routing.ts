import type { Access, Call } from '../../../kernel';
import { all } from '../kinds';
import type { RouteTable } from '../records';
import { inSubnet, newOne, on, within } from './resources';

/** The table that an association is of, and what it ties to it. */
function associated(call: Call, id: string | undefined): { table?: RouteTable; subnet?: string } {
  for (const table of all(call, 'routeTable')) {
    const found = table.associations.find((association) => association.id === id);
    if (found) return { table, ...(found.subnet === undefined ? {} : { subnet: found.subnet }) };
  }
  return {};
}

const routing: Access<'ec2'> = {
  CreateRouteTable: (input, call) => [
    ...newOne(call, 'CreateRouteTable', 'routeTable', input, within(call, input.VpcId)),
    on(call, 'CreateRouteTable', 'vpc', input.VpcId),
  ],
  DeleteRouteTable: (input, call) => on(call, 'DeleteRouteTable', 'routeTable', input.RouteTableId),
  AssociateRouteTable: (input, call) => [
    on(call, 'AssociateRouteTable', 'routeTable', input.RouteTableId),
    ...(input.SubnetId === undefined ? [] : [on(call, 'AssociateRouteTable', 'subnet', input.SubnetId)]),
    ...(input.GatewayId === undefined
      ? []
      : [on(call, 'AssociateRouteTable', 'internetGateway', input.GatewayId)]),
  ],
  DisassociateRouteTable: (input, call) => {
    const { table, subnet } = associated(call, input.AssociationId);
    return [
      on(call, 'DisassociateRouteTable', 'routeTable', table?.id),
      ...(subnet === undefined ? [] : [on(call, 'DisassociateRouteTable', 'subnet', subnet)]),
    ];
  },
  ReplaceRouteTableAssociation: (input, call) => {
    const { subnet } = associated(call, input.AssociationId);
    return [
      on(call, 'ReplaceRouteTableAssociation', 'routeTable', input.RouteTableId),
      ...(subnet === undefined ? [] : [on(call, 'ReplaceRouteTableAssociation', 'subnet', subnet)]),
    ];
  },
  CreateRoute: (input, call) => on(call, 'CreateRoute', 'routeTable', input.RouteTableId),
  ReplaceRoute: (input, call) => on(call, 'ReplaceRoute', 'routeTable', input.RouteTableId),
  DeleteRoute: (input, call) => on(call, 'DeleteRoute', 'routeTable', input.RouteTableId),
  CreateInternetGateway: (input, call) => newOne(call, 'CreateInternetGateway', 'internetGateway', input),
  DeleteInternetGateway: (input, call) =>
    on(call, 'DeleteInternetGateway', 'internetGateway', input.InternetGatewayId),
  AttachInternetGateway: (input, call) => [
    on(call, 'AttachInternetGateway', 'internetGateway', input.InternetGatewayId),
    on(call, 'AttachInternetGateway', 'vpc', input.VpcId),
  ],
  DetachInternetGateway: (input, call) => [
    on(call, 'DetachInternetGateway', 'internetGateway', input.InternetGatewayId),
    on(call, 'DetachInternetGateway', 'vpc', input.VpcId),
  ],
  CreateNatGateway: (input, call) => [
    ...newOne(call, 'CreateNatGateway', 'natGateway', input, inSubnet(call, input.SubnetId)),
    on(call, 'CreateNatGateway', 'subnet', input.SubnetId),
    ...(input.AllocationId === undefined
      ? []
      : [on(call, 'CreateNatGateway', 'address', input.AllocationId)]),
  ],
  DeleteNatGateway: (input, call) => on(call, 'DeleteNatGateway', 'natGateway', input.NatGatewayId),
};

export default routing;
