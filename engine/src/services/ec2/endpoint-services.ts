import type { Call } from '../../kernel';

/** Names behind `com.amazonaws.<region>.` of services that have interface endpoints, with the host that is theirs. */
const INTERFACE: Readonly<Record<string, string>> = {
  athena: 'athena',
  cloudformation: 'cloudformation',
  dynamodb: 'dynamodb',
  ec2: 'ec2',
  'ecr.api': 'api.ecr',
  'ecr.dkr': '*.dkr.ecr',
  ecs: 'ecs',
  elasticache: 'elasticache',
  events: 'events',
  'execute-api': '*.execute-api',
  kms: 'kms',
  lambda: 'lambda',
  logs: 'logs',
  monitoring: 'monitoring',
  rds: 'rds',
  s3: 's3',
  secretsmanager: 'secretsmanager',
  sns: 'sns',
  sqs: 'sqs',
  ssm: 'ssm',
  states: 'states',
  sts: 'sts',
  xray: 'xray',
};

const GATEWAY = new Set(['s3', 'dynamodb']);

export interface EndpointService {
  name: string;
  types: ('Gateway' | 'Interface')[];
  privateDns: string;
}

export function endpointServices(call: Call): EndpointService[] {
  return Object.entries(INTERFACE).map(([service, host]) => ({
    name: `com.amazonaws.${call.region}.${service}`,
    types: GATEWAY.has(service) ? ['Gateway', 'Interface'] : ['Interface'],
    privateDns: `${host}.${call.region}.amazonaws.com`,
  }));
}
