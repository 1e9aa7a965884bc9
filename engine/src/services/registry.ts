import type { Service, ServiceName } from '../kernel';

/** Every service, loaded when first used. Adding one is a folder and a line here. */
export const services: { [S in ServiceName]: () => Promise<{ default: Service<S> }> } = {
  sts: () => import('./sts'),
  iam: () => import('./iam'),
  ssm: () => import('./ssm'),
  ecr: () => import('./ecr'),
  cloudformation: () => import('./cloudformation'),
  s3: () => import('./s3'),
  dynamodb: () => import('./dynamodb'),
  lambda: () => import('./lambda'),
  apigateway: () => import('./apigateway'),
  apigatewayv2: () => import('./apigatewayv2'),
  logs: () => import('./logs'),
  cloudwatch: () => import('./cloudwatch'),
  secretsmanager: () => import('./secretsmanager'),
  kms: () => import('./kms'),
  ec2: () => import('./ec2'),
  rds: () => import('./rds'),
  elasticache: () => import('./elasticache'),
  cloudfront: () => import('./cloudfront'),
  wafv2: () => import('./wafv2'),
  xray: () => import('./xray'),
};

export function isServiceName(name: string): name is ServiceName {
  return Object.hasOwn(services, name);
}
