import type { Samples } from '../figures';
import { runLoad } from '../load/run';
import type { Deployment } from './deploy';
import { type Amount, putItem } from './requests';
import { setStage } from './stage';

/** One page that is in the cache of the API's stage. */
export async function cachedRequests(
  samples: Samples,
  endpoint: string,
  deployed: Deployment,
  amount: Amount,
): Promise<void> {
  await samples.attempt(['cacheRate16'], () =>
    whileCached(endpoint, deployed, async () => {
      await checkCached(endpoint, deployed);
      await pageRate(samples, deployed.apiUrl, amount);
    }),
  );
}

/** Does `work` while the API's stage has a cache. */
export async function whileCached(
  endpoint: string,
  { api }: Deployment,
  work: () => Promise<void>,
): Promise<void> {
  const settings = { '/cacheClusterEnabled': 'true', '/*/*/caching/enabled': 'true' };
  await setStage(endpoint, api, settings);
  try {
    await work();
  } finally {
    await setStage(endpoint, api, { '/cacheClusterEnabled': 'false', '/*/*/caching/enabled': 'false' });
  }
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
