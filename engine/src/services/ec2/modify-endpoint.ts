import { notImplemented, type Operation } from '../../kernel';
import { endpointServices } from './endpoint-services';
import { addRoutes, addSubnets, checkPolicy, checkPrivateDns, removeRoutes } from './endpoints';
import { collectionOf, find, findAll, put } from './kinds';
import { groupsFor, removeInterface } from './network-interfaces';

const OPEN = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

export const modifyVpcEndpoint: Operation<'ec2', 'ModifyVpcEndpoint'> = (input, call) => {
  for (const option of ['DnsOptions', 'SubnetConfigurations'] as const) {
    if (input[option] !== undefined) throw notImplemented(`EC2 ModifyVpcEndpoint ${option}`);
  }
  if (input.IpAddressType !== undefined && input.IpAddressType !== 'ipv4') {
    throw notImplemented(`EC2 ModifyVpcEndpoint IpAddressType ${input.IpAddressType}`);
  }
  const endpoint = find(call, 'endpoint', input.VpcEndpointId!);
  if (input.PolicyDocument !== undefined) checkPolicy(input.PolicyDocument);
  call.store.transaction(() => {
    if (input.ResetPolicy) endpoint.policy = OPEN;
    else if (input.PolicyDocument !== undefined) endpoint.policy = input.PolicyDocument;
    removeRoutes(call, endpoint.id, input.RemoveRouteTableIds ?? []);
    addRoutes(call, endpoint.vpc, endpoint.id, endpoint.serviceName, input.AddRouteTableIds ?? []);
    endpoint.routeTables = [
      ...endpoint.routeTables.filter((id) => !input.RemoveRouteTableIds?.includes(id)),
      ...(input.AddRouteTableIds ?? []),
    ];
    for (const subnet of input.RemoveSubnetIds ?? []) {
      const held = endpoint.networkInterfaces.find(
        (id) => collectionOf(call, 'networkInterface').get(id)?.subnet === subnet,
      );
      if (held !== undefined) removeInterface(call, held);
      endpoint.networkInterfaces = endpoint.networkInterfaces.filter((id) => id !== held);
      endpoint.subnets = endpoint.subnets.filter((id) => id !== subnet);
    }
    addSubnets(call, endpoint, input.AddSubnetIds ?? [], undefined);
    if (input.AddSecurityGroupIds?.length || input.RemoveSecurityGroupIds?.length) {
      const kept = endpoint.groups.filter((id) => !input.RemoveSecurityGroupIds?.includes(id));
      const groups = [...new Set([...kept, ...(input.AddSecurityGroupIds ?? [])])];
      for (const held of findAll(call, 'networkInterface', endpoint.networkInterfaces)) {
        endpoint.groups = groupsFor(call, find(call, 'subnet', held.subnet), groups);
        put(call, 'networkInterface', { ...held, groups: endpoint.groups });
      }
    }
    if (input.PrivateDnsEnabled !== undefined && input.PrivateDnsEnabled !== endpoint.privateDns) {
      const service = endpointServices(call).find(({ name }) => name === endpoint.serviceName)!;
      if (input.PrivateDnsEnabled) checkPrivateDns(call, find(call, 'vpc', endpoint.vpc), service);
      endpoint.privateDns = input.PrivateDnsEnabled;
    }
    put(call, 'endpoint', endpoint);
  });
  return { Return: true };
};
