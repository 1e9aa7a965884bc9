import type { Capabilities } from './capabilities';
import type { Missing } from './missing';
import type { Reduction } from './reduce';
import { type Surroundings, silent, type Teller } from './surroundings';

export interface Deployed {
  /** The stack's outputs. */
  outputs: Record<string, string>;
  /** The front's address: the site, and the API below /api. Without a slash at its end. */
  siteUrl: string;
  /** Where the API's stage answers. Without a slash at its end. */
  apiUrl: string;
  /** What was taken out of the template; empty on a paid edition. */
  reductions: readonly Reduction[];
  capabilities: Capabilities;
  missing: readonly Missing[];
  /** Stops the front. The containers are the caller's. */
  stop(): Promise<void>;
}

/**
 * Deploys the app to containers that run: bootstrap, synthesis, reduction, `cdklocal deploy`, then what custom
 * resources would have done, the seed, and the front that stands in for CloudFront, on a free port.
 */
export async function deployTheatre(around: Surroundings, tell: Teller = silent): Promise<Deployed> {
  return tell.step('deploy', async () => {
    throw new Error(`not there yet: ${around.endpoint}`);
  });
}
