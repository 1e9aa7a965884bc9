import type { GlobalSecondaryIndex } from '@aws-sdk/client-dynamodb';
import type { IndexRecord } from './record';
import { newThroughput } from './throughput';

/** A global index as CreateTable and UpdateTable ask for it, as it is kept. */
export function newGlobal(index: GlobalSecondaryIndex): IndexRecord {
  return {
    kind: 'global',
    name: index.IndexName ?? '',
    keySchema: index.KeySchema ?? [],
    projection: index.Projection ?? {},
    throughput: newThroughput(index.ProvisionedThroughput),
    ...(index.OnDemandThroughput && { onDemand: index.OnDemandThroughput }),
    ...(index.WarmThroughput && { warm: index.WarmThroughput }),
  };
}
