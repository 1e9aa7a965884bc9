import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Code, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundleOf } from './bundle';
import { accept, acceptWildcards, BASIC_EXECUTION, VPC_EXECUTION } from './nag';
import type { Network } from './network';

export interface HandlerProps {
  /** Its folder in app/functions. */
  name: string;
  network: Network;
  environment?: Record<string, string>;
  timeout?: Duration;
}

export function logGroup(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, { retention: RetentionDays.ONE_WEEK, removalPolicy: RemovalPolicy.DESTROY });
}

/** A function of the theatre: bundled from app/functions, in the private subnets, observed the Powertools way. */
export class Handler extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HandlerProps) {
    super(scope, id, {
      runtime: Runtime.NODEJS_22_X,
      memorySize: 512,
      timeout: props.timeout ?? Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      vpc: props.network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.network.functions],
      logGroup: logGroup(scope, `${id}Logs`),
      code: Code.fromAsset(bundleOf(props.name)),
      handler: 'index.handler',
      environment: {
        NODE_OPTIONS: '--enable-source-maps',
        POWERTOOLS_SERVICE_NAME: 'theatre',
        POWERTOOLS_METRICS_NAMESPACE: 'Theatre',
        POWERTOOLS_LOG_LEVEL: 'INFO',
        ...props.environment,
      },
    });
    accept(this, {
      [BASIC_EXECUTION]: 'AWS keeps it, and it allows writing logs only.',
      [VPC_EXECUTION]: 'AWS keeps it, and it allows what Lambda needs to join the VPC only.',
      'AwsSolutions-L1': 'Node 22 is in support until 2027, and the Node that CI tests with.',
    });
    acceptWildcards(this, 'X-Ray has no resources to name.', ['Resource::*']);
  }

  /** Exactly these actions on exactly this resource. */
  may(resource: string, ...actions: string[]): this {
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
    return this;
  }
}
