import { AwsError, type Call, defineService } from '../../kernel';
import {
  allocateAddress,
  associateAddress,
  describeAddresses,
  disassociateAddress,
  releaseAddress,
} from './addresses';
import {
  associateDhcpOptions,
  createDhcpOptions,
  deleteDhcpOptions,
  describeDhcpOptions,
} from './dhcp-options';
import { endpoint, endpointFor, endpointsFrom } from './endpoint-for';
import {
  createVpcEndpoint,
  deleteVpcEndpoints,
  describeVpcEndpointServices,
  describeVpcEndpoints,
} from './endpoints';
import {
  attachInternetGateway,
  createInternetGateway,
  deleteInternetGateway,
  describeInternetGateways,
  detachInternetGateway,
} from './internet-gateways';
import { ensureDefaultVpc } from './make-vpc';
import { modifyVpcEndpoint } from './modify-endpoint';
import { createNatGateway, deleteNatGateway, describeNatGateways } from './nat-gateways';
import {
  createNetworkAcl,
  createNetworkAclEntry,
  deleteNetworkAcl,
  deleteNetworkAclEntry,
  describeNetworkAcls,
  replaceNetworkAclAssociation,
  replaceNetworkAclEntry,
} from './network-acls';
import {
  createNetworkInterface,
  deleteNetworkInterface,
  describeNetworkInterfaces,
  modifyNetworkInterfaceAttribute,
} from './network-interfaces';
import { describeManagedPrefixLists, describePrefixLists, getManagedPrefixListEntries } from './prefix-lists';
import {
  associateRouteTable,
  createRouteTable,
  deleteRouteTable,
  describeRouteTables,
  disassociateRouteTable,
  replaceRouteTableAssociation,
} from './route-tables';
import { createRoute, deleteRoute, replaceRoute } from './routes';
import {
  authorizeSecurityGroupEgress,
  authorizeSecurityGroupIngress,
  describeSecurityGroupRules,
  revokeSecurityGroupEgress,
  revokeSecurityGroupIngress,
  updateSecurityGroupRuleDescriptionsEgress,
  updateSecurityGroupRuleDescriptionsIngress,
} from './rules';
import {
  createSecurityGroup,
  deleteSecurityGroup,
  describeSecurityGroups,
  getSecurityGroupsForVpc,
} from './security-groups';
import { createSubnet, deleteSubnet, describeSubnets, modifySubnetAttribute } from './subnets';
import { createTags, deleteTags, describeTags } from './tags';
import {
  associateVpcCidrBlock,
  createDefaultVpc,
  createVpc,
  deleteVpc,
  describeVpcAttribute,
  describeVpcs,
  disassociateVpcCidrBlock,
  modifyVpcAttribute,
} from './vpcs';
import { describeAvailabilityZones, describeRegions } from './zones';

const operations = {
  AllocateAddress: allocateAddress,
  AssociateAddress: associateAddress,
  AssociateDhcpOptions: associateDhcpOptions,
  AssociateRouteTable: associateRouteTable,
  AssociateVpcCidrBlock: associateVpcCidrBlock,
  AttachInternetGateway: attachInternetGateway,
  AuthorizeSecurityGroupEgress: authorizeSecurityGroupEgress,
  AuthorizeSecurityGroupIngress: authorizeSecurityGroupIngress,
  CreateDefaultVpc: createDefaultVpc,
  CreateDhcpOptions: createDhcpOptions,
  CreateInternetGateway: createInternetGateway,
  CreateNatGateway: createNatGateway,
  CreateNetworkAcl: createNetworkAcl,
  CreateNetworkAclEntry: createNetworkAclEntry,
  CreateNetworkInterface: createNetworkInterface,
  CreateRoute: createRoute,
  CreateRouteTable: createRouteTable,
  CreateSecurityGroup: createSecurityGroup,
  CreateSubnet: createSubnet,
  CreateTags: createTags,
  CreateVpc: createVpc,
  CreateVpcEndpoint: createVpcEndpoint,
  DeleteDhcpOptions: deleteDhcpOptions,
  DeleteInternetGateway: deleteInternetGateway,
  DeleteNatGateway: deleteNatGateway,
  DeleteNetworkAcl: deleteNetworkAcl,
  DeleteNetworkAclEntry: deleteNetworkAclEntry,
  DeleteNetworkInterface: deleteNetworkInterface,
  DeleteRoute: deleteRoute,
  DeleteRouteTable: deleteRouteTable,
  DeleteSecurityGroup: deleteSecurityGroup,
  DeleteSubnet: deleteSubnet,
  DeleteTags: deleteTags,
  DeleteVpc: deleteVpc,
  DeleteVpcEndpoints: deleteVpcEndpoints,
  DescribeAddresses: describeAddresses,
  DescribeAvailabilityZones: describeAvailabilityZones,
  DescribeDhcpOptions: describeDhcpOptions,
  DescribeInternetGateways: describeInternetGateways,
  DescribeManagedPrefixLists: describeManagedPrefixLists,
  DescribeNatGateways: describeNatGateways,
  DescribeNetworkAcls: describeNetworkAcls,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribePrefixLists: describePrefixLists,
  DescribeRegions: describeRegions,
  DescribeRouteTables: describeRouteTables,
  DescribeSecurityGroupRules: describeSecurityGroupRules,
  DescribeSecurityGroups: describeSecurityGroups,
  DescribeSubnets: describeSubnets,
  DescribeTags: describeTags,
  DescribeVpcAttribute: describeVpcAttribute,
  DescribeVpcEndpointServices: describeVpcEndpointServices,
  DescribeVpcEndpoints: describeVpcEndpoints,
  DescribeVpcs: describeVpcs,
  DetachInternetGateway: detachInternetGateway,
  DisassociateAddress: disassociateAddress,
  DisassociateRouteTable: disassociateRouteTable,
  DisassociateVpcCidrBlock: disassociateVpcCidrBlock,
  GetManagedPrefixListEntries: getManagedPrefixListEntries,
  GetSecurityGroupsForVpc: getSecurityGroupsForVpc,
  ModifyNetworkInterfaceAttribute: modifyNetworkInterfaceAttribute,
  ModifySubnetAttribute: modifySubnetAttribute,
  ModifyVpcAttribute: modifyVpcAttribute,
  ModifyVpcEndpoint: modifyVpcEndpoint,
  ReleaseAddress: releaseAddress,
  ReplaceNetworkAclAssociation: replaceNetworkAclAssociation,
  ReplaceNetworkAclEntry: replaceNetworkAclEntry,
  ReplaceRoute: replaceRoute,
  ReplaceRouteTableAssociation: replaceRouteTableAssociation,
  RevokeSecurityGroupEgress: revokeSecurityGroupEgress,
  RevokeSecurityGroupIngress: revokeSecurityGroupIngress,
  UpdateSecurityGroupRuleDescriptionsEgress: updateSecurityGroupRuleDescriptionsEgress,
  UpdateSecurityGroupRuleDescriptionsIngress: updateSecurityGroupRuleDescriptionsIngress,
} as const;

/** What every operation of EC2 has in common: the default VPC is there, and a dry run changes nothing. */
function prepared<T extends Record<string, (input: never, call: Call) => unknown>>(all: T): T {
  const wrap =
    (operation: (input: never, call: Call) => unknown) => (input: { DryRun?: boolean }, call: Call) => {
      ensureDefaultVpc(call);
      if (!input.DryRun) return operation(input as never, call);
      return call.store.transaction(() => {
        operation(input as never, call);
        // Thrown inside the transaction, it takes back what the operation wrote.
        throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', {
          status: 412,
        });
      });
    };
  return Object.fromEntries(
    Object.entries(all).map(([name, operation]) => [name, wrap(operation)]),
  ) as unknown as T;
}

export default defineService({
  name: 'ec2',
  operations: prepared(operations),
  access: () => import('./access').then((module) => module.default),
  endpointFor,
  endpointsFrom,
  endpoint,
  resources: () => import('./resources').then((module) => module.default),
});
