import type { GlobalSecondaryIndexUpdate } from '@aws-sdk/client-dynamodb';
import { AwsError } from '../../../kernel';
import { same } from './actual';
import { type IndexProperties, indexes, type TableProperties } from './properties';

/**
 * What becomes of the global indexes, as updates of which DynamoDB takes one at a time. CloudFormation makes or
 * deletes no more than one in an update of a stack.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html
 */
export function indexUpdates(after: TableProperties, actual: TableProperties): GlobalSecondaryIndexUpdate[] {
  const old = byName(actual.GlobalSecondaryIndexes);
  const next = byName(after.GlobalSecondaryIndexes);
  const deleted = [...old.keys()].filter((name) => !next.has(name));
  const created = (indexes(after.GlobalSecondaryIndexes) ?? []).filter(
    ({ IndexName }) => !old.has(IndexName),
  );
  if (deleted.length + created.length > 1) {
    throw new AwsError(
      'ValidationException',
      'Cannot perform more than one GSI creation or deletion in a single update',
    );
  }
  const changed = (indexes(after.GlobalSecondaryIndexes) ?? []).flatMap((index) => {
    const was = old.get(index.IndexName);
    const is = next.get(index.IndexName);
    if (!was || !is) return [];
    if (!same(shape(was), shape(is))) {
      throw new AwsError(
        'ValidationException',
        `Cannot update GSI's properties other than Provisioned Throughput and Contributor Insights Specification. ` +
          'You can create a new GSI with a different name.',
      );
    }
    const { IndexName, ProvisionedThroughput, OnDemandThroughput, WarmThroughput } = index;
    // A change of the billing mode takes care of the throughput.
    if (!ProvisionedThroughput && !OnDemandThroughput && !WarmThroughput) return [];
    const switched = (after.BillingMode ?? 'PROVISIONED') !== actual.BillingMode;
    const unchanged = same(was.ProvisionedThroughput, is.ProvisionedThroughput);
    if ((switched || unchanged) && same(was.OnDemandThroughput, is.OnDemandThroughput) && !WarmThroughput)
      return [];
    return [{ Update: { IndexName, ProvisionedThroughput, OnDemandThroughput, WarmThroughput } }];
  });
  return [
    ...deleted.map((IndexName) => ({ Delete: { IndexName } })),
    ...created.map((Create) => ({ Create })),
    ...changed,
  ];
}

function byName(given: IndexProperties[] | undefined): Map<string | undefined, IndexProperties> {
  return new Map((given ?? []).map((index) => [index.IndexName, index]));
}

function shape({ KeySchema, Projection }: IndexProperties): unknown {
  return [KeySchema, Projection];
}
