import { edgeDistributions } from '../../edge/distributions';
import type { Call, Operation } from '../../kernel';
import { requireDistribution } from './distributions';
import { fail, invalidArgument, notThere } from './errors';
import { listPage } from './pages';
import { type InvalidationRecord, tables } from './store';

/** Done as soon as it is asked for. */
const shown = (record: InvalidationRecord) => ({
  Id: record.id,
  Status: 'Completed',
  CreateTime: record.created,
  InvalidationBatch: record.batch,
});

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html */
export const createInvalidation: Operation<'cloudfront', 'CreateInvalidation'> = (input, call) => {
  const distribution = requireDistribution(call, input.DistributionId);
  const batch = input.InvalidationBatch!;
  const paths = batch.Paths?.Items ?? [];
  if (paths.length !== batch.Paths?.Quantity) {
    throw fail('InconsistentQuantities', "The value of Quantity and the size of Items don't match.");
  }
  if (paths.length === 0) throw invalidArgument('Your request must contain at least one invalidation path.');
  for (const path of paths) {
    if (!path.startsWith('/') || /\*(?!$)/.test(path)) {
      throw invalidArgument('Your request contains one or more invalid invalidation paths.');
    }
  }
  const { invalidations } = tables(call);
  for (const other of invalidations.values({ prefix: [distribution.id] })) {
    if (other.batch.CallerReference !== batch.CallerReference) continue;
    if (other.batch.Paths?.Items?.join() === paths.join()) return created(distribution.id, other);
    throw invalidArgument(
      'Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.',
    );
  }
  const record: InvalidationRecord = {
    id: `I${call.ids.of('ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789', 25)}`,
    created: call.clock.now(),
    batch,
  };
  invalidations.put([distribution.id, record.id], record);
  edgeDistributions(call).invalidate(distribution.id, paths);
  return created(distribution.id, record);
};

function created(distributionId: string, record: InvalidationRecord) {
  const Location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distributionId}/invalidation/${record.id}`;
  return { Location, Invalidation: shown(record) };
}

function all(call: Call, distributionId: string): InvalidationRecord[] {
  const found = [...tables(call).invalidations.values({ prefix: [distributionId] })];
  return found.sort((a, b) => b.created.getTime() - a.created.getTime());
}

export const getInvalidation: Operation<'cloudfront', 'GetInvalidation'> = (input, call) => {
  const distribution = requireDistribution(call, input.DistributionId);
  const record = tables(call).invalidations.get([distribution.id, input.Id ?? '']);
  if (!record) throw notThere('Invalidation', 'The specified invalidation does not exist.');
  return { Invalidation: shown(record) };
};

export const listInvalidations: Operation<'cloudfront', 'ListInvalidations'> = (input, call) => {
  const distribution = requireDistribution(call, input.DistributionId);
  const { items, ...page } = listPage(all(call, distribution.id), (record) => record.id, input);
  const Items = items.map(({ id, created: CreateTime }) => ({ Id: id, CreateTime, Status: 'Completed' }));
  return { InvalidationList: { ...page, Items } };
};
