import {
  CACHE_HOUR,
  DATABASE_HOUR,
  DATABASE_STORAGE_MONTH,
  ENDPOINT_HOUR,
  HOURS_A_MONTH,
  KEY_MONTH,
  NAT_HOUR,
  PAGES,
  PRICES_OF,
  REDIS_FACTOR,
  SECRET_MONTH,
  STAGE_CACHE_HOUR,
  USE_A_RUN,
  WEB_ACL_MONTH,
} from './prices';

/** As much of a CloudFormation template as decides the price. */
export interface Template {
  Resources: Record<string, { Type: string; Properties?: Record<string, unknown> }>;
}

export interface Line {
  what: string;
  dollarsAnHour: number;
  page: string;
}

export interface Estimate {
  lines: Line[];
  dollarsAnHour: number;
  dollarsARun: number;
  /** What the table has no price for. */
  unknown: string[];
}

/** Making RDS and CloudFront takes about 15 minutes, taking a VPC with functions down up to 30: counted in full. */
const HOURS_A_RUN = 1;

type Properties = Record<string, unknown>;
/** The price of one resource by the hour; nothing where the table does not know this size of it. */
type Price = (properties: Properties) => Line | undefined;

const number = (value: unknown, otherwise: number) =>
  value === undefined || value === null ? otherwise : Number(value);

/** A template may have a property by reference: then it is none that the table knows. */
const lookup = (table: Record<string, number>, key: unknown) =>
  typeof key === 'string' ? table[key] : undefined;

const a = (what: string, dollarsAnHour: number, page: string): Line => ({ what, dollarsAnHour, page });

const byTheHour: Record<string, Price> = {
  'AWS::RDS::DBInstance': ({ DBInstanceClass, MultiAZ, AllocatedStorage }) => {
    const hour = lookup(DATABASE_HOUR, DBInstanceClass);
    if (hour === undefined) return undefined;
    const copies = MultiAZ === true || MultiAZ === 'true' ? 2 : 1;
    const gigabytes = number(AllocatedStorage, 20);
    const storage = (gigabytes * DATABASE_STORAGE_MONTH) / HOURS_A_MONTH;
    return a(`RDS ${DBInstanceClass}, ${gigabytes} GB`, copies * (hour + storage), PAGES.rds);
  },
  'AWS::ElastiCache::ReplicationGroup': (properties) => {
    const { CacheNodeType, Engine, NumCacheClusters, NumNodeGroups, ReplicasPerNodeGroup } = properties;
    const hour = lookup(CACHE_HOUR, CacheNodeType);
    if (hour === undefined) return undefined;
    const nodes = NumCacheClusters
      ? number(NumCacheClusters, 1)
      : number(NumNodeGroups, 1) * (1 + number(ReplicasPerNodeGroup, 0));
    const factor = Engine === 'valkey' ? 1 : REDIS_FACTOR;
    return a(`ElastiCache ${CacheNodeType} × ${nodes}`, nodes * hour * factor, PAGES.elasticache);
  },
  'AWS::ApiGateway::Stage': ({ CacheClusterEnabled, CacheClusterSize }) => {
    if (CacheClusterEnabled !== true && CacheClusterEnabled !== 'true')
      return a('stage', 0, PAGES.apigateway);
    const size = CacheClusterSize ?? '0.5';
    const hour = lookup(STAGE_CACHE_HOUR, size);
    return hour === undefined ? undefined : a(`API cache, ${size} GB`, hour, PAGES.apigateway);
  },
  'AWS::EC2::VPCEndpoint': ({ VpcEndpointType, SubnetIds }) => {
    if (VpcEndpointType !== 'Interface') return a('gateway endpoint', 0, PAGES.vpc);
    if (!Array.isArray(SubnetIds)) return undefined;
    return a(
      `interface endpoint in ${SubnetIds.length} zones`,
      SubnetIds.length * ENDPOINT_HOUR,
      PAGES.privatelink,
    );
  },
  'AWS::EC2::NatGateway': () => a('NAT gateway', NAT_HOUR, PAGES.vpc),
  'AWS::SecretsManager::Secret': () => a('secret', SECRET_MONTH / HOURS_A_MONTH, PAGES.secrets),
  'AWS::KMS::Key': () => a('KMS key', KEY_MONTH / HOURS_A_MONTH, PAGES.kms),
  'AWS::WAFv2::WebACL': () => a('web ACL', WEB_ACL_MONTH / HOURS_A_MONTH, PAGES.waf),
};

/** Paid by use, which `USE_A_RUN` covers, or not at all. Whole services first, then what is free of the others. */
const BY_USE =
  /^(?:AWS::(?:ApiGateway|CloudFormation|CloudFront|CDK|DynamoDB|IAM|Lambda|Logs|S3|SSM)::|Custom::)/;
const FREE = new Set([
  'AWS::EC2::VPC',
  'AWS::EC2::Subnet',
  'AWS::EC2::RouteTable',
  'AWS::EC2::SubnetRouteTableAssociation',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::ElastiCache::SubnetGroup',
  'AWS::KMS::Alias',
  'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::DBParameterGroup',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::SecretsManager::ResourcePolicy',
]);

/** What the template's resources cost while they are there. What the table does not know is named, never left out. */
export function estimate(templates: Template[]): Estimate {
  const lines: Line[] = [];
  const unknown: string[] = [];
  for (const { Type, Properties = {} } of templates.flatMap(({ Resources }) => Object.values(Resources))) {
    const line = byTheHour[Type]?.(Properties);
    if (line) {
      if (line.dollarsAnHour > 0) lines.push(line);
    } else if (byTheHour[Type] || !(FREE.has(Type) || BY_USE.test(Type))) unknown.push(Type);
  }
  const dollarsAnHour = lines.reduce((sum, line) => sum + line.dollarsAnHour, 0);
  const dollarsARun = Math.ceil((dollarsAnHour * HOURS_A_RUN + USE_A_RUN) * 100) / 100;
  return { lines, dollarsAnHour, dollarsARun, unknown: [...new Set(unknown)].sort() };
}

/** The estimate for a person. */
export function formatEstimate({ lines, dollarsAnHour, dollarsARun, unknown }: Estimate): string {
  const dollars = (value: number, digits = 4) => `$${value.toFixed(digits)}`;
  const width = Math.max(...lines.map(({ what }) => what.length), 0);
  return [
    `Estimated cost (us-east-1, on demand, prices of ${PRICES_OF}; not a quotation):`,
    ...lines.map(
      ({ what, dollarsAnHour: hour, page }) => `  ${what.padEnd(width)}  ${dollars(hour)} an hour  ${page}`,
    ),
    `  together ${dollars(dollarsAnHour)} an hour, about ${dollars(dollarsARun, 2)} for a run (an hour, and ${dollars(USE_A_RUN, 2)} for requests)`,
    ...unknown.map((type) => `  not in the table, so not counted: ${type}`),
  ].join('\n');
}
