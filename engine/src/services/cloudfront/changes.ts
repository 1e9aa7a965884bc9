import { edgeDistributions } from '../../edge/distributions';
import type { Call } from '../../kernel';

/** Tells the edge that what a distribution does has changed. */
export function changed(call: Call, distributionId: string): Promise<void> {
  return edgeDistributions(call).changed(distributionId);
}
