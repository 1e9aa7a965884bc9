import { type Access, arn } from '../../../kernel';
import { anywhere, on } from './resources';

const listings: Access<'ec2'> = {
  DescribeAddresses: anywhere('DescribeAddresses'),
  DescribeAvailabilityZones: anywhere('DescribeAvailabilityZones'),
  DescribeDhcpOptions: anywhere('DescribeDhcpOptions'),
  DescribeInternetGateways: anywhere('DescribeInternetGateways'),
  DescribeManagedPrefixLists: anywhere('DescribeManagedPrefixLists'),
  DescribeNatGateways: anywhere('DescribeNatGateways'),
  DescribeNetworkAcls: anywhere('DescribeNetworkAcls'),
  DescribeNetworkInterfaces: anywhere('DescribeNetworkInterfaces'),
  DescribePrefixLists: anywhere('DescribePrefixLists'),
  DescribeRegions: anywhere('DescribeRegions'),
  DescribeRouteTables: anywhere('DescribeRouteTables'),
  DescribeSecurityGroupRules: anywhere('DescribeSecurityGroupRules'),
  DescribeSecurityGroups: anywhere('DescribeSecurityGroups'),
  DescribeSubnets: anywhere('DescribeSubnets'),
  DescribeTags: anywhere('DescribeTags'),
  DescribeVpcEndpointServices: anywhere('DescribeVpcEndpointServices'),
  DescribeVpcEndpoints: anywhere('DescribeVpcEndpoints'),
  DescribeVpcs: anywhere('DescribeVpcs'),
  // The exceptions: these are about one thing.
  DescribeVpcAttribute: (input, call) => on(call, 'DescribeVpcAttribute', 'vpc', input.VpcId),
  GetSecurityGroupsForVpc: (input, call) => on(call, 'GetSecurityGroupsForVpc', 'vpc', input.VpcId),
  GetManagedPrefixListEntries: (input, call) => ({
    action: 'ec2:GetManagedPrefixListEntries',
    // The lists that there are belong to AWS.
    resource: arn('ec2', call.region, 'aws', `prefix-list/${input.PrefixListId ?? ''}`),
    keys: { 'ec2:Region': call.region },
  }),
};

export default listings;
