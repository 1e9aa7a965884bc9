import { CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Provider } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { migrationsVersion } from '../../app/functions/migrate/migrations';
import type { Data } from './data';
import { databaseEnvironment } from './environment';
import { Handler, logGroup } from './handler';
import { accept, acceptWildcards, BASIC_EXECUTION } from './nag';
import type { Network } from './network';

/** Brings the tables of Postgres up to date during the deployment, which fails and rolls back where that fails. */
export class Migration extends Construct {
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, { network, data }: { network: Network; data: Data }) {
    super(scope, id);
    const handler = new Handler(this, 'Handler', {
      name: 'migrate',
      network,
      timeout: Duration.minutes(5),
      environment: databaseEnvironment(data),
    }).may(data.database.secret.secretArn, 'secretsmanager:GetSecretValue');
    const provider = new Provider(this, 'Provider', {
      onEventHandler: handler,
      logGroup: logGroup(this, 'ProviderLogs'),
    });
    this.resource = new CustomResource(this, 'Schema', {
      resourceType: 'Custom::TheatreSchema',
      serviceToken: provider.serviceToken,
      // Runs again exactly when a migration was added.
      properties: { version: migrationsVersion() },
    });
    // The login is complete only when it is attached, and the way is open only with the rules of the network.
    this.resource.node.addDependency(data.database, network);
    accept(provider, {
      [BASIC_EXECUTION]: 'CDK’s provider framework: it writes logs and calls the one function.',
      'AwsSolutions-L1': 'CDK’s provider framework chooses its runtime.',
    });
    const called = Stack.of(this).getLogicalId(handler.node.defaultChild as CfnFunction);
    acceptWildcards(provider, 'CDK’s provider framework may call any version of the one function.', [
      `Resource::<${called}.Arn>:*`,
    ]);
  }
}
