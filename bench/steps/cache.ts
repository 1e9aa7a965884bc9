import { APIGatewayClient, UpdateStageCommand } from '@aws-sdk/client-api-gateway';
import { clientOptions } from '../clients';
import type { Samples } from '../figures';
import { runLoad } from '../load/run';
import type { Deployment } from './deploy';
import { type Amount, putItem } from './requests';

/** One page that is in the cache of the API's stage. */
export async function cachedRequests(
  samples: Samples,
  endpoint: string,
  deployed: Deployment,
  amount: Amount,
): Promise<void> {
  await samples.attempt(['cacheRate16'], async () => {
    await setCaching(endpoint, deployed.api, true);
    try {
      await checkCached(endpoint, deployed);
      await pageRate(samples, deployed.apiUrl, amount);
    } finally {
      await setCaching(endpoint, deployed.api, false);
    }
  });
}

/** Of a bare server the same figure is its limit. */
export async function pageRate(samples: Samples, url: string, amount: Amount): Promise<void> {
  await samples.attempt(['cacheRate16'], async () => {
    const warmUp = amount.requests;
    const many = await runLoad({
      kind: 'http',
      url,
      clients: 16,
      ...amount,
      warmUp,
      requests: amount.requests * 4,
    });
    samples.add('cacheRate16', many.latencies.length / many.seconds);
  });
}

async function setCaching(endpoint: string, restApiId: string, on: boolean): Promise<void> {
  const client = new APIGatewayClient(clientOptions(endpoint));
  const patchOperations = ['/cacheClusterEnabled', '/*/*/caching/enabled'].map((path) => ({
    op: 'replace' as const,
    path,
    value: String(on),
  }));
  try {
    await client.send(new UpdateStageCommand({ restApiId, stageName: 'prod', patchOperations }));
  } finally {
    client.destroy();
  }
}

/** Engines may take the settings and cache nothing: what is behind the API changes, so that it can be told. */
async function checkCached(endpoint: string, { apiUrl, table }: Deployment): Promise<void> {
  const page = async () => (await fetch(apiUrl)).text();
  const cached = await page();
  await putItem(endpoint, table, 'another item');
  try {
    if ((await page()) !== cached) throw new Error('takes the settings, but caches nothing');
  } finally {
    await putItem(endpoint, table);
  }
}
