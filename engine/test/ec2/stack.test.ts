import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { DescribeNatGatewaysCommand, DescribeRouteTablesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { startCloud, type TestCloud } from '../../src/testing';

let cloud: TestCloud;
let cloudformation: CloudFormationClient;

beforeAll(async () => {
  cloud = await startCloud();
  cloudformation = cloud.client(CloudFormationClient);
});

afterAll(() => cloud.stop());

const ref = (Ref: string) => ({ Ref });
const att = (...path: string[]) => ({ 'Fn::GetAtt': path });

const Resources = {
  Vpc: {
    Type: 'AWS::EC2::VPC',
    Properties: { CidrBlock: '10.0.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: true },
  },
  Gateway: { Type: 'AWS::EC2::InternetGateway' },
  Attachment: {
    Type: 'AWS::EC2::VPCGatewayAttachment',
    Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') },
  },
  Public: {
    Type: 'AWS::EC2::Subnet',
    Properties: {
      VpcId: ref('Vpc'),
      CidrBlock: '10.0.0.0/24',
      MapPublicIpOnLaunch: true,
      AvailabilityZone: { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] },
      Tags: [{ Key: 'Name', Value: 'public' }],
    },
  },
  PublicTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  PublicRoute: {
    Type: 'AWS::EC2::Route',
    DependsOn: 'Attachment',
    Properties: {
      RouteTableId: ref('PublicTable'),
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: ref('Gateway'),
    },
  },
  PublicAssociation: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { RouteTableId: ref('PublicTable'), SubnetId: ref('Public') },
  },
  Address: { Type: 'AWS::EC2::EIP', Properties: { Domain: 'vpc' } },
  Nat: {
    Type: 'AWS::EC2::NatGateway',
    DependsOn: ['PublicRoute', 'PublicAssociation'],
    Properties: { SubnetId: ref('Public'), AllocationId: att('Address', 'AllocationId') },
  },
  PrivateTable: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
  PrivateRoute: {
    Type: 'AWS::EC2::Route',
    Properties: {
      RouteTableId: ref('PrivateTable'),
      DestinationCidrBlock: '0.0.0.0/0',
      NatGatewayId: ref('Nat'),
    },
  },
  Web: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      GroupDescription: 'the web',
      VpcId: ref('Vpc'),
      SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }],
    },
  },
  WebIngress: {
    Type: 'AWS::EC2::SecurityGroupIngress',
    Properties: {
      GroupId: att('Web', 'GroupId'),
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      SourceSecurityGroupId: att('Web', 'GroupId'),
    },
  },
  WebEgress: {
    Type: 'AWS::EC2::SecurityGroupEgress',
    Properties: {
      GroupId: att('Web', 'GroupId'),
      IpProtocol: 'tcp',
      FromPort: 443,
      ToPort: 443,
      DestinationSecurityGroupId: att('Web', 'GroupId'),
    },
  },
  Dynamo: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: ref('Vpc'),
      ServiceName: 'com.amazonaws.us-east-1.dynamodb',
      RouteTableIds: [ref('PrivateTable')],
    },
  },
  Secrets: {
    Type: 'AWS::EC2::VPCEndpoint',
    Properties: {
      VpcId: ref('Vpc'),
      ServiceName: 'com.amazonaws.us-east-1.secretsmanager',
      VpcEndpointType: 'Interface',
      PrivateDnsEnabled: true,
      SubnetIds: [ref('Public')],
      SecurityGroupIds: [att('Web', 'GroupId')],
    },
  },
  Acl: { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: ref('Vpc') } },
  AclEntry: {
    Type: 'AWS::EC2::NetworkAclEntry',
    Properties: {
      NetworkAclId: ref('Acl'),
      RuleNumber: 100,
      Protocol: -1,
      RuleAction: 'allow',
      CidrBlock: '0.0.0.0/0',
    },
  },
  AclAssociation: {
    Type: 'AWS::EC2::SubnetNetworkAclAssociation',
    Properties: { NetworkAclId: ref('Acl'), SubnetId: ref('Public') },
  },
  Key: {
    Type: 'AWS::KMS::Key',
    Properties: {
      EnableKeyRotation: true,
      KeyPolicy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:aws:iam::\${AWS::AccountId}:root` } },
            Action: 'kms:*',
            Resource: '*',
          },
        ],
      },
    },
  },
  KeyAlias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/stack', TargetKeyId: ref('Key') } },
  Secret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      KmsKeyId: att('Key', 'Arn'),
      GenerateSecretString: {
        SecretStringTemplate: '{"username":"shop"}',
        GenerateStringKey: 'password',
        PasswordLength: 24,
        ExcludePunctuation: true,
      },
    },
  },
  Parameter: {
    Type: 'AWS::SSM::Parameter',
    Properties: { Name: '/stack/vpc', Type: 'String', Value: ref('Vpc') },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole'],
    },
  },
  Policy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'read',
      Roles: [ref('Role')],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: ref('Secret') }],
      },
    },
  },
};

const Outputs = {
  Vpc: { Value: ref('Vpc') },
  Table: { Value: ref('PrivateTable') },
  Secret: { Value: ref('Secret') },
};

async function problems(StackName: string): Promise<string[]> {
  const { StackEvents } = await cloudformation.send(new DescribeStackEventsCommand({ StackName }));
  return (StackEvents ?? [])
    .filter((event) => event.ResourceStatus?.endsWith('FAILED'))
    .map((event) => `${event.LogicalResourceId}: ${event.ResourceStatusReason}`);
}

test('a network with all that belongs to it is made from a template, and goes with its stack', async () => {
  const StackName = 'network';
  await cloudformation.send(
    new CreateStackCommand({
      StackName,
      TemplateBody: JSON.stringify({ Resources, Outputs }),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const waiting = { client: cloudformation, minDelay: 1, maxDelay: 1, maxWaitTime: 20 };
  await waitUntilStackCreateComplete(waiting, { StackName }).catch(async (error) => {
    throw new Error((await problems(StackName)).join('\n') || String(error));
  });
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName }));
  const output = (key: string) =>
    Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? '';
  const ec2 = cloud.client(EC2Client);
  const { RouteTables } = await ec2.send(
    new DescribeRouteTablesCommand({ RouteTableIds: [output('Table')] }),
  );
  expect(RouteTables?.[0]?.Routes?.map(({ State }) => State)).toEqual(['active', 'active', 'active']);
  expect(RouteTables?.[0]?.Tags).toContainEqual({
    Key: 'aws:cloudformation:logical-id',
    Value: 'PrivateTable',
  });
  const host = cloud.host('us-east-1');
  const value = await host.invoke('secretsmanager', 'GetSecretValue', { SecretId: output('Secret') });
  expect(JSON.parse(value.SecretString ?? '')).toEqual({
    username: 'shop',
    password: expect.stringMatching(/^[A-Za-z0-9]{24}$/),
  });
  const { Parameter } = await host.invoke('ssm', 'GetParameter', { Name: '/stack/vpc' });
  expect(Parameter?.Value).toBe(output('Vpc'));

  await cloudformation.send(new DeleteStackCommand({ StackName }));
  await waitUntilStackDeleteComplete(waiting, { StackName }).catch(async (error) => {
    throw new Error((await problems(StackName)).join('\n') || String(error));
  });
  const { NatGateways } = await ec2.send(new DescribeNatGatewaysCommand({}));
  expect(NatGateways?.map(({ State }) => State)).toEqual(['deleted']);
  const { Vpcs } = await host.invoke('ec2', 'DescribeVpcs', {});
  expect(Vpcs?.map(({ IsDefault }) => IsDefault)).toEqual([true]);
  const { KeyMetadata } = await host.invoke('kms', 'DescribeKey', { KeyId: 'alias/aws/secretsmanager' });
  expect(KeyMetadata?.KeyState).toBe('Enabled');
});
