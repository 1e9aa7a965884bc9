import {
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { accept } from './nag';

/**
 * Private subnets in two zones with no way to the internet. A security group a tier: functions may talk to the
 * database, the cache and the endpoints of AWS that they use; nothing else may talk to anything.
 */
export class Network extends Construct {
  readonly vpc: Vpc;
  readonly functions: SecurityGroup;
  readonly database: SecurityGroup;
  readonly cache: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.20.0.0/16'),
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'private', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 }],
    });
    this.functions = this.#group('Functions', 'Lambda functions of the theatre');
    this.database = this.#group('Database', 'Postgres of the theatre');
    this.cache = this.#group('Cache', 'Valkey of the theatre');
    this.functions.connections.allowTo(this.database, Port.tcp(5432), 'Postgres');
    this.functions.connections.allowTo(this.cache, Port.tcp(6379), 'Valkey');
    this.#endpoints();
    accept(this.vpc, {
      'AwsSolutions-VPC7': 'A demo without traffic worth keeping: flow logs would cost more than they tell.',
    });
  }

  /** DynamoDB by its gateway, secrets and parameters by interfaces; Lambda itself delivers logs and traces. */
  #endpoints(): void {
    this.vpc.addGatewayEndpoint('DynamoDb', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    // The gateway has public addresses, and its prefix list differs by region. These subnets have no route to
    // any other public address, so nothing else is reached by this rule.
    this.functions.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB through its gateway endpoint');
    const endpoints = this.#group('Endpoints', 'Interface endpoints of AWS services');
    this.functions.connections.allowTo(endpoints, Port.tcp(443), 'AWS services');
    const services = {
      SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      Ssm: InterfaceVpcEndpointAwsService.SSM,
    };
    for (const [id, service] of Object.entries(services)) {
      this.vpc.addInterfaceEndpoint(id, { service, securityGroups: [endpoints], open: false });
    }
  }

  #group(id: string, description: string): SecurityGroup {
    return new SecurityGroup(this, id, { vpc: this.vpc, description, allowAllOutbound: false });
  }
}
