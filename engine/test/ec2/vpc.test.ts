import {
  AssociateRouteTableCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DeleteVpcEndpointsCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let ec2: EC2Client;
let vpc: string;

beforeAll(async () => {
  cloud = await startCloud();
  ec2 = cloud.client(EC2Client);
  const { Vpc } = await ec2.send(
    new CreateVpcCommand({
      CidrBlock: '10.20.0.7/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'main' }] }],
    }),
  );
  expect(Vpc).toEqual({
    CidrBlock: '10.20.0.0/16',
    CidrBlockAssociationSet: [
      {
        AssociationId: expect.stringMatching(/^vpc-cidr-assoc-[0-9a-f]{17}$/),
        CidrBlock: '10.20.0.0/16',
        CidrBlockState: { State: 'associated' },
      },
    ],
    DhcpOptionsId: expect.stringMatching(/^dopt-/),
    InstanceTenancy: 'default',
    Ipv6CidrBlockAssociationSet: [],
    IsDefault: false,
    OwnerId: '000000000000',
    State: 'pending',
    Tags: [{ Key: 'Name', Value: 'main' }],
    VpcId: expect.stringMatching(/^vpc-[0-9a-f]{17}$/),
  });
  vpc = Vpc?.VpcId ?? '';
});

afterAll(() => cloud.stop());

test('every region has a default VPC with a subnet in each zone', async () => {
  const { Vpcs } = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }),
  );
  expect(Vpcs).toMatchObject([{ CidrBlock: '172.31.0.0/16', IsDefault: true, State: 'available' }]);
  const { Subnets } = await ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [Vpcs?.[0]?.VpcId ?? ''] }] }),
  );
  const { AvailabilityZones } = await ec2.send(new DescribeAvailabilityZonesCommand({}));
  expect(Subnets?.map((subnet) => subnet.AvailabilityZone).sort()).toEqual(
    AvailabilityZones?.map((zone) => zone.ZoneName),
  );
  expect(Subnets?.every((subnet) => subnet.AvailableIpAddressCount === 4091)).toBe(true);
});

test.each([
  [
    '10.0.0.0',
    'InvalidParameterValue',
    'Value (10.0.0.0) for parameter cidrBlock is invalid. This is not a valid CIDR block.',
  ],
  ['10.0.0.0/8', 'InvalidVpc.Range', "The CIDR '10.0.0.0/8' is invalid."],
  ['10.0.0.0/29', 'InvalidVpc.Range', "The CIDR '10.0.0.0/29' is invalid."],
])('a VPC of %s is refused', async (CidrBlock, name, message) => {
  await expect(ec2.send(new CreateVpcCommand({ CidrBlock }))).rejects.toMatchObject({ name, message });
});

test('subnets lie in their VPC and beside one another', async () => {
  const make = (CidrBlock: string) => ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock }));
  const { Subnet } = await make('10.20.0.0/24');
  expect(Subnet).toMatchObject({
    AvailableIpAddressCount: 251,
    AvailabilityZone: 'us-east-1a',
    State: 'available',
  });
  await expect(make('10.20.0.128/25')).rejects.toMatchObject({
    name: 'InvalidSubnet.Conflict',
    message: "The CIDR '10.20.0.128/25' conflicts with another subnet",
  });
  await expect(make('10.21.0.0/24')).rejects.toMatchObject({ name: 'InvalidSubnet.Range' });
  await expect(ec2.send(new DeleteVpcCommand({ VpcId: vpc }))).rejects.toMatchObject({
    name: 'DependencyViolation',
    message: `The vpc '${vpc}' has dependencies and cannot be deleted.`,
  });
  await expect(ec2.send(new DeleteSubnetCommand({ SubnetId: 'subnet-0123' }))).rejects.toMatchObject({
    name: 'InvalidSubnetID.NotFound',
    message: "The subnet ID 'subnet-0123' does not exist",
  });
});

test('a route table tells its routes and associations', async () => {
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.20.9.0/24' }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
  const RouteTableId = RouteTable?.RouteTableId;
  const { AssociationId } = await ec2.send(
    new AssociateRouteTableCommand({ RouteTableId, SubnetId: Subnet?.SubnetId }),
  );
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [Subnet?.SubnetId ?? ''] }],
    }),
  );
  expect(RouteTables).toEqual([
    {
      Associations: [
        {
          Main: false,
          RouteTableAssociationId: AssociationId,
          RouteTableId,
          SubnetId: Subnet?.SubnetId,
          AssociationState: { State: 'associated' },
        },
      ],
      PropagatingVgws: [],
      RouteTableId,
      Routes: [
        {
          DestinationCidrBlock: '10.20.0.0/16',
          GatewayId: 'local',
          Origin: 'CreateRouteTable',
          State: 'active',
        },
      ],
      Tags: [],
      VpcId: vpc,
      OwnerId: '000000000000',
    },
  ]);
});

test('rules of security groups are added once and revoked', async () => {
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'of the web', VpcId: vpc }),
  );
  const rule = {
    GroupId,
    IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
  };
  const { SecurityGroupRules } = await ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
  expect(SecurityGroupRules).toMatchObject([{ IsEgress: false, IpProtocol: 'tcp', CidrIpv4: '0.0.0.0/0' }]);
  await expect(ec2.send(new AuthorizeSecurityGroupIngressCommand(rule))).rejects.toMatchObject({
    name: 'InvalidPermission.Duplicate',
    message: 'the specified rule "peer: 0.0.0.0/0, TCP, from port: 80, to port: 80, ALLOW" already exists',
  });
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId }] }],
    }),
  );
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }));
  expect(SecurityGroups?.[0]?.IpPermissionsEgress).toEqual([
    {
      IpProtocol: '-1',
      IpRanges: [{ CidrIp: '0.0.0.0/0' }],
      Ipv6Ranges: [],
      PrefixListIds: [],
      UserIdGroupPairs: [],
    },
  ]);
  expect(SecurityGroups?.[0]?.IpPermissions).toHaveLength(2);
  await ec2.send(new RevokeSecurityGroupIngressCommand(rule));
  await expect(ec2.send(new RevokeSecurityGroupIngressCommand(rule))).rejects.toMatchObject({
    name: 'InvalidPermission.NotFound',
    message: 'The specified rule does not exist in this security group.',
  });
  await expect(
    ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId,
        DryRun: true,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    ),
  ).rejects.toMatchObject({ name: 'DryRunOperation' });
  const after = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }));
  expect(after.SecurityGroups?.[0]?.IpPermissionsEgress).toHaveLength(1);
});

test('a gateway endpoint routes, an interface endpoint takes addresses', async () => {
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
  const RouteTableId = RouteTable?.RouteTableId ?? '';
  const gateway = await ec2.send(
    new CreateVpcEndpointCommand({
      VpcId: vpc,
      ServiceName: 'com.amazonaws.us-east-1.dynamodb',
      RouteTableIds: [RouteTableId],
    }),
  );
  const routed = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
  expect(routed.RouteTables?.[0]?.Routes).toContainEqual({
    DestinationPrefixListId: expect.stringMatching(/^pl-/),
    GatewayId: gateway.VpcEndpoint?.VpcEndpointId,
    Origin: 'CreateRoute',
    State: 'active',
  });
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.20.50.0/28' }));
  const request = {
    VpcId: vpc,
    VpcEndpointType: 'Interface' as const,
    ServiceName: 'com.amazonaws.us-east-1.secretsmanager',
    SubnetIds: [Subnet?.SubnetId ?? ''],
  };
  await expect(ec2.send(new CreateVpcEndpointCommand(request))).rejects.toMatchObject({
    name: 'InvalidParameter',
    message: `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${vpc}`,
  });
  await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
  const { VpcEndpoint } = await ec2.send(new CreateVpcEndpointCommand(request));
  expect(VpcEndpoint?.NetworkInterfaceIds).toHaveLength(1);
  expect(VpcEndpoint?.Groups).toMatchObject([{ GroupName: 'default' }]);
  await expect(ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }))).rejects.toMatchObject({
    name: 'DependencyViolation',
  });
  await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] }));
  await ec2.send(new DeleteSubnetCommand({ SubnetId: Subnet?.SubnetId }));
});

test('filters match tags with wildcards, and unknown ones are refused', async () => {
  await ec2.send(new CreateTagsCommand({ Resources: [vpc], Tags: [{ Key: 'stage', Value: 'dev-1' }] }));
  const found = await ec2.send(
    new DescribeVpcsCommand({ Filters: [{ Name: 'tag:stage', Values: ['dev-*', 'x'] }] }),
  );
  expect(found.Vpcs?.map((item) => item.VpcId)).toEqual([vpc]);
  await expect(
    ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValue', message: "The filter 'colour' is invalid" });
  await expect(
    ec2.send(new CreateTagsCommand({ Resources: [vpc], Tags: [{ Key: 'aws:x', Value: '' }] })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});
