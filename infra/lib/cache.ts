import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { CfnReplicationGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-elasticache';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { accept } from './nag';
import type { Network } from './network';

/** One Valkey node. It holds nothing that DynamoDB does not know, and the shop works without it. */
export class Cache extends Construct {
  readonly group: CfnReplicationGroup;
  /** `host:port`, for the functions. */
  readonly address: StringParameter;

  constructor(scope: Construct, id: string, { network }: { network: Network }) {
    super(scope, id);
    const subnets = new CfnSubnetGroup(this, 'Subnets', {
      description: 'Private subnets of the theatre',
      subnetIds: network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_ISOLATED }).subnetIds,
    });
    this.group = new CfnReplicationGroup(this, 'Group', {
      replicationGroupDescription: 'Cache of shows',
      engine: 'valkey',
      engineVersion: '8.0',
      cacheNodeType: 'cache.t4g.micro',
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: false,
      cacheSubnetGroupName: subnets.ref,
      securityGroupIds: [network.cache.securityGroupId],
      port: 6379,
    });
    this.address = new StringParameter(this, 'Address', {
      description: 'Where the cache of the theatre answers',
      stringValue: `${this.host}:${this.port}`,
    });
    accept(this, {
      'AwsSolutions-AEC3':
        'At rest it is encrypted. In transit it holds only what the site shows to everybody, inside isolated subnets; TLS would cost every cold start a handshake.',
      'AwsSolutions-AEC4': 'A demo: the shop answers from DynamoDB while the one node is replaced.',
      'AwsSolutions-AEC5': 'The security group, not an unusual port, keeps others away.',
      'AwsSolutions-AEC6': 'AUTH needs TLS; see AEC3. Only the functions reach the node.',
    });
  }

  get id(): string {
    return this.group.ref;
  }

  get host(): string {
    return this.group.attrPrimaryEndPointAddress;
  }

  get port(): string {
    return this.group.attrPrimaryEndPointPort;
  }
}
