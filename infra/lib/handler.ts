import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundleOf } from './bundle';
import { accept, acceptWildcards } from './nag';
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

/** What Lambda does with a function's role to lead it into a VPC; AWS has no resources to name for it. */
const JOIN_VPC = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * What Lambda needs to run a function, in place of AWS's policies for it: those let a function write to everybody's
 * log, and its own code make and remove the network interfaces of others.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-best-practice
 */
function executionRole(scope: Construct, id: string, logs: LogGroup): Role {
  const role = new Role(scope, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  logs.grantWrite(role);
  role.addToPolicy(new PolicyStatement({ actions: JOIN_VPC, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: JOIN_VPC,
      resources: ['*'],
      // Only what the function's own code asks for names the function.
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  );
  return role;
}

/** A function of the theatre: bundled from app/functions, in the private subnets, observed the Powertools way. */
export class Handler extends NodejsFunction {
  constructor(scope: Construct, id: string, props: HandlerProps) {
    const logs = logGroup(scope, `${id}Logs`);
    super(scope, id, {
      role: executionRole(scope, `${id}Role`, logs),
      runtime: Runtime.NODEJS_22_X,
      memorySize: 512,
      timeout: props.timeout ?? Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      vpc: props.network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [props.network.functions],
      logGroup: logs,
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
      'AwsSolutions-L1': 'Node 22 is in support until 2027, and the Node that CI tests with.',
    });
    if (this.role)
      acceptWildcards(this.role, 'X-Ray and joining a VPC have no resources to name.', ['Resource::*']);
  }

  /** Exactly these actions on exactly this resource. */
  may(resource: string, ...actions: string[]): this {
    this.addToRolePolicy(new PolicyStatement({ actions, resources: [resource] }));
    return this;
  }
}
