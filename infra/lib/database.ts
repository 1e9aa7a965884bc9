import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceClass, InstanceSize, InstanceType, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  CaCertificate,
  Credentials,
  DatabaseInstance,
  DatabaseInstanceEngine,
  PostgresEngineVersion,
  StorageType,
} from 'aws-cdk-lib/aws-rds';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { accept } from './nag';
import type { Network } from './network';

/** Postgres with a generated login, reachable from the functions alone. */
export class Database extends Construct {
  readonly name = 'theatre';
  readonly instance: DatabaseInstance;
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, { network }: { network: Network }) {
    super(scope, id);
    this.instance = new DatabaseInstance(this, 'Instance', {
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.VER_16 }),
      instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.MICRO),
      allocatedStorage: 20,
      storageType: StorageType.GP3,
      storageEncrypted: true,
      caCertificate: CaCertificate.RDS_CA_RSA2048_G1,
      databaseName: this.name,
      credentials: Credentials.fromGeneratedSecret('theatre'),
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [network.database],
      publiclyAccessible: false,
      multiAz: false,
      backupRetention: Duration.days(1),
      deleteAutomatedBackups: true,
      deletionProtection: false,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    if (!this.instance.secret) throw new Error('Generated credentials come with a secret');
    this.secret = this.instance.secret;
    accept(this, {
      'AwsSolutions-RDS3': 'A demo: one zone is enough, and half the price.',
      'AwsSolutions-RDS10':
        'A demo: `destroy` must be able to remove it. Venues come back with the migration.',
      'AwsSolutions-RDS11': 'The security group, not an unusual port, keeps others away.',
      'AwsSolutions-SMG4':
        'Rotation needs a function with a way to RDS and its schedule; functions read a new login by themselves.',
    });
  }

  get host(): string {
    return this.instance.dbInstanceEndpointAddress;
  }

  get port(): string {
    return this.instance.dbInstanceEndpointPort;
  }
}
