import type { Access } from '../../../kernel';
import { all } from '../kinds';
import { anywhere, inSubnet, newOne, ofService, on, onEach, within } from './resources';

/** VPCs, and what they are divided into and reached by. */
const networks: Access<'ec2'> = {
  CreateVpc: (input, call) =>
    newOne(call, 'CreateVpc', 'vpc', input, { 'ec2:Tenancy': input.InstanceTenancy ?? 'default' }),
  CreateDefaultVpc: anywhere('CreateDefaultVpc'),
  DeleteVpc: (input, call) => on(call, 'DeleteVpc', 'vpc', input.VpcId),
  ModifyVpcAttribute: (input, call) => on(call, 'ModifyVpcAttribute', 'vpc', input.VpcId),
  AssociateVpcCidrBlock: (input, call) => on(call, 'AssociateVpcCidrBlock', 'vpc', input.VpcId),
  DisassociateVpcCidrBlock: (input, call) => {
    const vpc = all(call, 'vpc').find(({ cidrs }) =>
      cidrs.some(({ association }) => association === input.AssociationId),
    );
    return on(call, 'DisassociateVpcCidrBlock', 'vpc', vpc?.id);
  },
  CreateSubnet: (input, call) => [
    ...newOne(call, 'CreateSubnet', 'subnet', input, {
      ...within(call, input.VpcId),
      'ec2:AvailabilityZone': input.AvailabilityZone,
      'ec2:AvailabilityZoneId': input.AvailabilityZoneId,
    }),
    on(call, 'CreateSubnet', 'vpc', input.VpcId),
  ],
  DeleteSubnet: (input, call) => on(call, 'DeleteSubnet', 'subnet', input.SubnetId),
  ModifySubnetAttribute: (input, call) => on(call, 'ModifySubnetAttribute', 'subnet', input.SubnetId),
  CreateDhcpOptions: (input, call) => newOne(call, 'CreateDhcpOptions', 'dhcp', input),
  DeleteDhcpOptions: (input, call) => on(call, 'DeleteDhcpOptions', 'dhcp', input.DhcpOptionsId),
  AssociateDhcpOptions: (input, call) => [
    on(call, 'AssociateDhcpOptions', 'dhcp', input.DhcpOptionsId),
    on(call, 'AssociateDhcpOptions', 'vpc', input.VpcId),
  ],
  CreateVpcEndpoint: (input, call) => [
    ...newOne(call, 'CreateVpcEndpoint', 'endpoint', input, ofService(input.ServiceName)),
    on(call, 'CreateVpcEndpoint', 'vpc', input.VpcId),
    ...onEach(call, 'CreateVpcEndpoint', 'routeTable', input.RouteTableIds),
    ...onEach(call, 'CreateVpcEndpoint', 'subnet', input.SubnetIds),
    ...onEach(call, 'CreateVpcEndpoint', 'group', input.SecurityGroupIds),
  ],
  ModifyVpcEndpoint: (input, call) => [
    on(call, 'ModifyVpcEndpoint', 'endpoint', input.VpcEndpointId),
    ...onEach(call, 'ModifyVpcEndpoint', 'routeTable', input.AddRouteTableIds),
    ...onEach(call, 'ModifyVpcEndpoint', 'routeTable', input.RemoveRouteTableIds),
    ...onEach(call, 'ModifyVpcEndpoint', 'subnet', input.AddSubnetIds),
    ...onEach(call, 'ModifyVpcEndpoint', 'subnet', input.RemoveSubnetIds),
    ...onEach(call, 'ModifyVpcEndpoint', 'group', input.AddSecurityGroupIds),
    ...onEach(call, 'ModifyVpcEndpoint', 'group', input.RemoveSecurityGroupIds),
  ],
  DeleteVpcEndpoints: (input, call) => onEach(call, 'DeleteVpcEndpoints', 'endpoint', input.VpcEndpointIds),
  CreateNetworkInterface: (input, call) => [
    ...newOne(call, 'CreateNetworkInterface', 'networkInterface', input, inSubnet(call, input.SubnetId)),
    on(call, 'CreateNetworkInterface', 'subnet', input.SubnetId),
    ...onEach(call, 'CreateNetworkInterface', 'group', input.Groups),
  ],
  DeleteNetworkInterface: (input, call) =>
    on(call, 'DeleteNetworkInterface', 'networkInterface', input.NetworkInterfaceId),
  ModifyNetworkInterfaceAttribute: (input, call) => [
    on(call, 'ModifyNetworkInterfaceAttribute', 'networkInterface', input.NetworkInterfaceId),
    ...onEach(call, 'ModifyNetworkInterfaceAttribute', 'group', input.Groups),
  ],
};

export default networks;
