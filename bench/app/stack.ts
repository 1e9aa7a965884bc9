import { type App, CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LambdaIntegration, RestApi } from 'aws-cdk-lib/aws-apigateway';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

/**
 * Thirty-odd resources of the kinds a three-tier system has most of, and only of those that the peer deploys too.
 */
export class BenchStack extends Stack {
  constructor(app: App, id: string, code: string) {
    super(app, id);
    const table = new Table(this, 'Items', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const read = new LambdaFunction(this, 'Read', {
      runtime: Runtime.NODEJS_22_X,
      handler: 'index.handler',
      code: Code.fromAsset(code),
      memorySize: 512,
      environment: { TABLE_NAME: table.tableName },
      logGroup: new LogGroup(this, 'ReadLogs', {
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    });
    table.grantReadData(read);
    const api = new RestApi(this, 'Api', { cloudWatchRole: false });
    api.root.addResource('items').addResource('{id}').addMethod('GET', new LambdaIntegration(read));
    for (let i = 0; i < 5; i++) {
      new Role(this, `Role${i}`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
      new StringParameter(this, `Parameter${i}`, { stringValue: `value ${i}` });
      new LogGroup(this, `Logs${i}`, {
        retention: RetentionDays.ONE_DAY,
        removalPolicy: RemovalPolicy.DESTROY,
      });
    }
    new CfnOutput(this, 'ApiId', { value: api.restApiId });
    new CfnOutput(this, 'TableName', { value: table.tableName });
    new CfnOutput(this, 'FunctionName', { value: read.functionName });
  }
}
