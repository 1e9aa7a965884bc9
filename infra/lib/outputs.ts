import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Api } from './api';
import type { Data } from './data';
import type { Gateway } from './gateway';
import type { Site } from './site';

interface Tiers {
  gateway: Gateway;
  data: Data;
  api: Api;
  site: Site;
}

/** What scripts, tests and people need to find what was deployed; the names are a contract with the seed and the tests. */
export function outputs(stack: Stack, { gateway, data, api, site }: Tiers): void {
  const values: Record<string, { value: string; description: string }> = {
    SiteUrl: {
      value: site.origin,
      description: 'The site, and the API below /api',
    },
    ApiUrl: { value: gateway.restApi.url, description: 'The API alone' },
    ApiId: { value: gateway.restApi.restApiId, description: 'Id of the REST API' },
    PartnersKeyId: { value: api.partnersKey.keyId, description: 'Id of the partners’ API key' },
    DistributionId: {
      value: site.distribution.distributionId,
      description: 'Id of the CloudFront distribution',
    },
    SiteBucket: { value: site.bucket.bucketName, description: 'Bucket that holds the built site' },
    ShowsTable: { value: data.shows.tableName, description: 'DynamoDB table of shows' },
    TicketsTable: { value: data.tickets.tableName, description: 'DynamoDB table of tickets' },
    DatabaseEndpoint: { value: data.database.host, description: 'Postgres host' },
    DatabasePort: { value: data.database.port, description: 'Postgres port' },
    DatabaseName: { value: data.database.name, description: 'Postgres database' },
    DatabaseSecretArn: { value: data.database.secret.secretArn, description: 'Postgres login' },
    CacheEndpoint: { value: data.cache.host, description: 'Valkey host' },
    CachePort: { value: data.cache.port, description: 'Valkey port' },
    CacheId: { value: data.cache.id, description: 'Id of the Valkey replication group' },
  };
  for (const [name, props] of Object.entries(values)) new CfnOutput(stack, name, props);
}
