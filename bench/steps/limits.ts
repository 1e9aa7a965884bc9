import type { Samples } from '../figures';
import { getPage } from '../load/http';
import { runLoad } from '../load/run';
import { whileCached } from './cache';
import type { Deployment } from './deploy';
import { setStage } from './stage';

const RATE = 100;
const BURST = 50;
const CLIENTS = 50;
const RATE_LIMIT = '/*/*/throttling/rateLimit';
const BURST_LIMIT = '/*/*/throttling/burstLimit';

/**
 * How far off its limit a throttled stage lets requests through, in percent of what the limit allows in that time. The
 * pages come out of the stage's cache: what limits is to be the limit.
 */
export async function limitedRequests(
  samples: Samples,
  endpoint: string,
  deployed: Deployment,
  seconds: number,
): Promise<void> {
  await samples.attempt(['limitError'], () =>
    whileCached(endpoint, deployed, async () => {
      await getPage(deployed.apiUrl);
      await setStage(endpoint, deployed.api, { [RATE_LIMIT]: String(RATE), [BURST_LIMIT]: String(BURST) });
      try {
        samples.add('limitError', await percentOff(deployed.apiUrl, seconds));
      } finally {
        await setStage(endpoint, deployed.api, { [RATE_LIMIT]: '-1', [BURST_LIMIT]: '-1' });
      }
    }),
  );
}

async function percentOff(url: string, seconds: number): Promise<number> {
  const load = { clients: CLIENTS, requests: Number.MAX_SAFE_INTEGER, seconds, warmUp: 0, refusal: 429 };
  const done = await runLoad({ kind: 'http', url, ...load });
  if (done.refusals === 0) throw new Error('takes the settings, but limits nothing');
  const allowed = BURST + RATE * done.seconds;
  return (Math.abs(done.latencies.length - allowed) / allowed) * 100;
}
