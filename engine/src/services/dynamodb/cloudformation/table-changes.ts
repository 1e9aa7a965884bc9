import type { UpdateTableCommandInput } from '@aws-sdk/client-dynamodb';
import { same } from './actual';
import { encryption, indexes, numbers, type TableProperties } from './properties';

type Change = Partial<UpdateTableCommandInput>;

/** One UpdateTable for each setting that is not as the template wants it. */
export function tableChanges(
  after: TableProperties,
  previous: TableProperties,
  actual: TableProperties,
): Change[] {
  return [
    ...billing(after, actual),
    ...changed(after.OnDemandThroughput, actual.OnDemandThroughput, (wanted) => ({
      OnDemandThroughput: numbers(wanted),
    })),
    // What a table is warmed to only shows in part: the template before is what there is to go by.
    ...changed(after.WarmThroughput, previous.WarmThroughput, (wanted) => ({
      WarmThroughput: numbers(wanted),
    })),
    ...sse(after, previous, actual),
    ...changed(after.TableClass ?? 'STANDARD', actual.TableClass, (TableClass) => ({ TableClass })),
    ...changed(
      after.DeletionProtectionEnabled ?? false,
      actual.DeletionProtectionEnabled,
      (DeletionProtectionEnabled) => ({ DeletionProtectionEnabled }),
    ),
  ];
}

function changed<T>(wanted: T | undefined, is: T | undefined, change: (wanted: T) => Change): Change[] {
  return wanted === undefined || same(wanted, is) ? [] : [change(wanted)];
}

function billing(after: TableProperties, actual: TableProperties): Change[] {
  const mode = after.BillingMode ?? 'PROVISIONED';
  const ProvisionedThroughput = numbers(after.ProvisionedThroughput);
  if (mode === actual.BillingMode) {
    return changed(after.ProvisionedThroughput, actual.ProvisionedThroughput, () => ({
      ProvisionedThroughput,
    }));
  }
  // The indexes that are there get their throughput in the same call.
  const there = new Set(actual.GlobalSecondaryIndexes?.map((index) => index.IndexName));
  const updates = (indexes(after.GlobalSecondaryIndexes) ?? [])
    .filter((index) => there.has(index.IndexName))
    .map(({ IndexName, ProvisionedThroughput }) => ({ Update: { IndexName, ProvisionedThroughput } }));
  const withIndexes = mode === 'PROVISIONED' && updates.length > 0;
  return [
    {
      BillingMode: mode,
      ProvisionedThroughput,
      ...(withIndexes && { GlobalSecondaryIndexUpdates: updates }),
    },
  ];
}

function sse(after: TableProperties, previous: TableProperties, actual: TableProperties): Change[] {
  const wanted = after.SSESpecification;
  const on = actual.SSESpecification?.SSEEnabled ?? false;
  if ((wanted?.SSEEnabled ?? false) === on && same(wanted, previous.SSESpecification)) return [];
  if (!wanted?.SSEEnabled && !on) return [];
  return [{ SSESpecification: encryption(wanted) ?? { Enabled: false } }];
}
