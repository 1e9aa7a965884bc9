/**
 * What the theatre's kinds of resources cost, in US dollars, on demand, in us-east-1. Other regions cost up to
 * about half as much again. A small table that a person can check against the pages it names.
 */
export const PRICES_OF = '2026-11-22';

export const PAGES = {
  rds: 'https://aws.amazon.com/rds/postgresql/pricing/',
  apigateway: 'https://aws.amazon.com/api-gateway/pricing/',
  elasticache: 'https://aws.amazon.com/elasticache/pricing/',
  privatelink: 'https://aws.amazon.com/privatelink/pricing/',
  vpc: 'https://aws.amazon.com/vpc/pricing/',
  secrets: 'https://aws.amazon.com/secrets-manager/pricing/',
  kms: 'https://aws.amazon.com/kms/pricing/',
  waf: 'https://aws.amazon.com/waf/pricing/',
} as const;

export const HOURS_A_MONTH = 730;

/** Postgres, one zone, an hour. */
export const DATABASE_HOUR: Record<string, number> = {
  'db.t4g.micro': 0.016,
  'db.t4g.small': 0.032,
  'db.t4g.medium': 0.065,
};
/** gp3, a GB and month. */
export const DATABASE_STORAGE_MONTH = 0.115;

/** A Valkey node, an hour; Redis OSS costs a quarter more. */
export const CACHE_HOUR: Record<string, number> = {
  'cache.t4g.micro': 0.0128,
  'cache.t4g.small': 0.0256,
  'cache.t4g.medium': 0.052,
};
export const REDIS_FACTOR = 1.25;

/** A cache of a REST API's stage, an hour, by its size in gigabytes. */
export const STAGE_CACHE_HOUR: Record<string, number> = {
  '0.5': 0.02,
  '1.6': 0.038,
  '6.1': 0.2,
  '13.5': 0.25,
  '28.4': 0.5,
  '58.2': 1,
  '118': 1.9,
  '237': 3.8,
};

/** An hour in one zone. */
export const ENDPOINT_HOUR = 0.01;
export const NAT_HOUR = 0.045;

export const SECRET_MONTH = 0.4;
export const KEY_MONTH = 1;
export const WEB_ACL_MONTH = 5;

/**
 * Requests, gigabyte-seconds, log lines and bytes of one run of the suites, with much room: a few thousand
 * requests to API Gateway ($3.50 a million), Lambda, DynamoDB and CloudFront, and some megabytes of logs.
 */
export const USE_A_RUN = 0.05;
