/** What is generated: signing name, SDK package and its client class, and the folder in botocore's data. */
export interface Source {
  name: string;
  package: string;
  client: string;
  botocore: string;
}

const source = (name: string, sdk: string, client: string, botocore = name): Source => ({
  name,
  package: `@aws-sdk/client-${sdk}`,
  client: `${client}Client`,
  botocore,
});

export const sources: readonly Source[] = [
  source('sts', 'sts', 'STS'),
  source('iam', 'iam', 'IAM'),
  source('ssm', 'ssm', 'SSM'),
  source('ecr', 'ecr', 'ECR'),
  source('cloudformation', 'cloudformation', 'CloudFormation'),
  source('s3', 's3', 'S3'),
  source('dynamodb', 'dynamodb', 'DynamoDB'),
  source('lambda', 'lambda', 'Lambda'),
  source('apigateway', 'api-gateway', 'APIGateway'),
  source('apigatewayv2', 'apigatewayv2', 'ApiGatewayV2'),
  source('logs', 'cloudwatch-logs', 'CloudWatchLogs'),
  source('secretsmanager', 'secrets-manager', 'SecretsManager'),
  source('kms', 'kms', 'KMS'),
  source('ec2', 'ec2', 'EC2'),
  source('rds', 'rds', 'RDS'),
  source('elasticache', 'elasticache', 'ElastiCache'),
  source('cloudfront', 'cloudfront', 'CloudFront'),
  source('xray', 'xray', 'XRay'),
  source('wafv2', 'wafv2', 'WAFV2'),
  // Not services of the engine (yet): they bring the protocols that the others lack into the conformance test.
  source('sqs', 'sqs', 'SQS'),
  source('cloudwatch', 'cloudwatch', 'CloudWatch'),
];
