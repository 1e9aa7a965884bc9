import type { ResourceProvider, ServiceName } from '../kernel';
import { services } from '../services/registry';
import { customResource } from './custom-resource';
import { nativeResources } from './native';

/** The service whose folder has the provider of a type, by the type's second part. */
const SERVICES: Readonly<Record<string, ServiceName>> = {
  ApiGateway: 'apigateway',
  ApiGatewayV2: 'apigatewayv2',
  CloudFront: 'cloudfront',
  DynamoDB: 'dynamodb',
  EC2: 'ec2',
  ECR: 'ecr',
  ElastiCache: 'elasticache',
  IAM: 'iam',
  KMS: 'kms',
  Lambda: 'lambda',
  Logs: 'logs',
  RDS: 'rds',
  S3: 's3',
  SSM: 'ssm',
  SecretsManager: 'secretsmanager',
  WAFv2: 'wafv2',
};

const loaded = new Map<ServiceName, Promise<ReadonlyMap<string, ResourceProvider>>>();

/** A service's providers by type; its folder is loaded when a stack first needs one of them. */
function providersOf(service: ServiceName): Promise<ReadonlyMap<string, ResourceProvider>> {
  const known = loaded.get(service);
  if (known) return known;
  const loading = services[service]().then(async (module) => {
    const list = (await module.default.resources?.()) ?? [];
    return new Map(list.map((provider) => [provider.type, provider]));
  });
  loaded.set(service, loading);
  loading.catch(() => loaded.delete(service));
  return loading;
}

export function isCustom(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}

/** The provider of a type, or undefined where tierkit has none. */
export async function findProvider(type: string): Promise<ResourceProvider | undefined> {
  const native = nativeResources.get(type);
  if (native) return native;
  // CDK's own custom resources may be done natively: then their Lambda function is not asked.
  if (type.startsWith('Custom::')) return (await providersOf('s3')).get(type) ?? customResource(type);
  if (isCustom(type)) return customResource(type);
  const [vendor, service = ''] = type.split('::');
  const name = vendor === 'AWS' && Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  return name && (await providersOf(name)).get(type);
}
