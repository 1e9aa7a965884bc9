import { vpcEndpoint } from './endpoint';
import { eip, internetGateway, natGateway, vpcGatewayAttachment } from './gateways';
import { networkAcl, networkAclEntry, subnetNetworkAclAssociation } from './network-acl';
import { route, routeTable, subnetRouteTableAssociation } from './routing';
import { securityGroup, securityGroupEgress, securityGroupIngress } from './security-group';
import { subnet } from './subnet';
import { dhcpAssociation, dhcpOptions, vpc, vpcCidrBlock } from './vpc';

export default [
  dhcpAssociation,
  dhcpOptions,
  eip,
  internetGateway,
  natGateway,
  networkAcl,
  networkAclEntry,
  route,
  routeTable,
  securityGroup,
  securityGroupEgress,
  securityGroupIngress,
  subnet,
  subnetNetworkAclAssociation,
  subnetRouteTableAssociation,
  vpc,
  vpcCidrBlock,
  vpcEndpoint,
  vpcGatewayAttachment,
];
