import { defineResource, type ResourceContext } from '../../../kernel';
import { listChanges } from '../../../kernel/tags';
import { specification, TAGS, type Tagged, updateTags } from './tagging';
import { truth } from './vpc';

interface EndpointProperties extends Tagged {
  PolicyDocument?: unknown;
  PrivateDnsEnabled?: boolean | string;
  RouteTableIds?: string[];
  SecurityGroupIds?: string[];
  ServiceName: string;
  SubnetIds?: string[];
  VpcEndpointType?: 'Gateway' | 'Interface';
  VpcId: string;
}

function policyText(policy: unknown): { PolicyDocument?: string } {
  if (policy === undefined) return {};
  return { PolicyDocument: typeof policy === 'string' ? policy : JSON.stringify(policy) };
}

async function attributesOf(call: ResourceContext['call'], id: string) {
  const { VpcEndpoints } = await call.invoke('ec2', 'DescribeVpcEndpoints', { VpcEndpointIds: [id] });
  const endpoint = VpcEndpoints![0]!;
  return {
    Id: id,
    CreationTimestamp: endpoint.CreationTimestamp?.toISOString(),
    DnsEntries: (endpoint.DnsEntries ?? []).map(({ HostedZoneId, DnsName }) => `${HostedZoneId}:${DnsName}`),
    NetworkInterfaceIds: endpoint.NetworkInterfaceIds,
  };
}

export const vpcEndpoint = defineResource<EndpointProperties>({
  type: 'AWS::EC2::VPCEndpoint',
  properties: {
    PolicyDocument: true,
    PrivateDnsEnabled: true,
    RouteTableIds: true,
    SecurityGroupIds: true,
    ServiceName: true,
    SubnetIds: true,
    Tags: TAGS,
    VpcEndpointType: true,
    VpcId: true,
  },

  async create(resource) {
    const { call, properties } = resource;
    const { VpcEndpoint } = await call.invoke('ec2', 'CreateVpcEndpoint', {
      VpcId: properties.VpcId,
      ServiceName: properties.ServiceName,
      VpcEndpointType: properties.VpcEndpointType ?? 'Gateway',
      ...policyText(properties.PolicyDocument),
      // CloudFormation leaves private names off where the template does not ask for them.
      ...(properties.VpcEndpointType === 'Interface'
        ? { PrivateDnsEnabled: truth(properties.PrivateDnsEnabled, false) }
        : {}),
      ...(properties.RouteTableIds === undefined ? {} : { RouteTableIds: properties.RouteTableIds }),
      ...(properties.SecurityGroupIds === undefined ? {} : { SecurityGroupIds: properties.SecurityGroupIds }),
      ...(properties.SubnetIds === undefined ? {} : { SubnetIds: properties.SubnetIds }),
      ...specification(resource, 'vpc-endpoint'),
    });
    const id = VpcEndpoint!.VpcEndpointId!;
    return { physicalId: id, attributes: await attributesOf(call, id) };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: id } = resource;
    const tables = listChanges(previous.RouteTableIds, properties.RouteTableIds);
    const subnets = listChanges(previous.SubnetIds, properties.SubnetIds);
    const groups = listChanges(previous.SecurityGroupIds, properties.SecurityGroupIds);
    await call.invoke('ec2', 'ModifyVpcEndpoint', {
      VpcEndpointId: id,
      ...policyText(properties.PolicyDocument),
      ...(properties.PolicyDocument === undefined && previous.PolicyDocument !== undefined
        ? { ResetPolicy: true }
        : {}),
      AddRouteTableIds: tables.added,
      RemoveRouteTableIds: tables.removed,
      AddSubnetIds: subnets.added,
      RemoveSubnetIds: subnets.removed,
      AddSecurityGroupIds: groups.added,
      RemoveSecurityGroupIds: groups.removed,
      ...(properties.VpcEndpointType === 'Interface'
        ? { PrivateDnsEnabled: truth(properties.PrivateDnsEnabled, false) }
        : {}),
    });
    await updateTags(resource, id);
    return { physicalId: id, attributes: await attributesOf(call, id) };
  },

  async delete({ call, physicalId }) {
    // An endpoint that is not there is told in the answer, and is no error.
    await call.invoke('ec2', 'DeleteVpcEndpoints', { VpcEndpointIds: [physicalId] });
  },
});
