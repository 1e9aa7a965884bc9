/**
 * Endpoints of AWS that functions may name themselves. Docker can lead names to addresses, but no patterns: of names
 * that have a resource in them (buckets, APIs) only the preload of Node's runtimes knows.
 */
const REGIONAL = `access-analyzer acm airflow amplify api.ecr api.sagemaker apigateway appconfig appconfigdata
  application-autoscaling appsync athena autoscaling backup batch bedrock bedrock-agent-runtime bedrock-runtime cloud9
  cloudcontrolapi cloudformation cloudtrail codebuild codecommit codedeploy codepipeline cognito-identity cognito-idp
  comprehend config connect data.iot datasync dax dlm dms docdb ds dynamodb ec2 ecs eks elasticache elasticbeanstalk
  elasticfilesystem elasticloadbalancing elasticmapreduce email es events evidently firehose fsx glacier glue guardduty
  inspector2 iot kafka kendra kinesis kinesisanalytics kinesisvideo kms lakeformation lambda lex-runtime-v2 location logs
  macie2 mediaconvert memory-db monitoring mq neptune opensearch personalize pinpoint polly qldb quicksight ram rds
  rds-data redshift redshift-data rekognition resource-groups robomaker route53resolver runtime.sagemaker s3 s3-control
  scheduler schemas secretsmanager securityhub servicecatalog servicediscovery servicequotas signer sms sms-voice
  sns sqs ssm ssmmessages states streams.dynamodb sts support swf synthetics tagging textract timestream.query
  timestream.write transcribe transfer translate verifiedpermissions waf-regional wafv2 workmail xray`
  .split(/\s+/)
  .filter(Boolean);

const GLOBAL = `budgets ce cloudfront iam organizations route53 s3 shield sts support waf`
  .split(' ')
  .map((name) => `${name}.amazonaws.com`);

/** Names that must not lead out of the machine, for a function in `region`. */
export function awsNames(region: string): string[] {
  const regional = REGIONAL.map((name) => `${name}.${region}.amazonaws.com`);
  const compact = region.replaceAll('-', '');
  return [
    ...GLOBAL,
    ...regional,
    `s3.dualstack.${region}.amazonaws.com`,
    // Where custom resources answer.
    `cloudformation-custom-resource-response-${compact}.s3.${region}.amazonaws.com`,
    `cloudformation-custom-resource-response-${compact}.s3.amazonaws.com`,
  ];
}
