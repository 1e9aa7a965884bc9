import type { CacheClusterSize } from '@aws-sdk/client-api-gateway';
import { stageCaches } from '../../../execute-api/caching/stage-caches';
import type { Call, Operation } from '../../../kernel';
import { badRequest, requireApi } from '../errors';
import type { StageRecord } from '../store';
import { requireStage } from './stages';

const SIZES: readonly CacheClusterSize[] = ['0.5', '1.6', '6.1', '13.5', '28.4', '58.2', '118', '237'];

interface Wanted {
  cacheClusterEnabled?: boolean | undefined;
  cacheClusterSize?: string | undefined;
}

/**
 * A stage's cache as it is asked for. AWS takes minutes to make one, here it is there at once.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function cacheCluster(wanted: Wanted, before: Partial<StageRecord> = {}): Partial<StageRecord> {
  const cacheClusterEnabled = wanted.cacheClusterEnabled ?? before.cacheClusterEnabled ?? false;
  const given =
    wanted.cacheClusterSize === undefined ? before.cacheClusterSize : sizeOf(wanted.cacheClusterSize);
  const cacheClusterSize = given ?? (cacheClusterEnabled ? '0.5' : undefined);
  return {
    cacheClusterEnabled,
    ...(cacheClusterSize ? { cacheClusterSize } : {}),
    cacheClusterStatus: cacheClusterEnabled ? 'AVAILABLE' : 'NOT_AVAILABLE',
  };
}

function sizeOf(value: string): CacheClusterSize {
  const size = SIZES.find((one) => one === value);
  if (!size) {
    throw badRequest(`Invalid cache cluster size specified. Must be one of: [${SIZES.join(', ')}]`);
  }
  return size;
}

/** What was cached of another deployment, or in a cache of another size, is not there any more. */
export function emptyChangedCaches(
  call: Call,
  apiId: string,
  before: StageRecord,
  after: StageRecord | undefined,
): void {
  const caches = stageCaches(call);
  const stageName = before.stageName;
  if (
    after?.deploymentId !== before.deploymentId ||
    after.cacheClusterEnabled !== before.cacheClusterEnabled ||
    after.cacheClusterSize !== before.cacheClusterSize
  ) {
    caches.empty(apiId, stageName);
  } else if (after.canarySettings?.deploymentId !== before.canarySettings?.deploymentId) {
    // A canary that shares the stage's cache takes its responses along.
    if (before.canarySettings?.useStageCache || after.canarySettings?.useStageCache)
      caches.empty(apiId, stageName);
    else caches.emptyCanary(apiId, stageName);
  }
}

export const flushStageCache: Operation<'apigateway', 'FlushStageCache'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  const stage = requireStage(call, id, input.stageName);
  if (!stage.cacheClusterEnabled) throw badRequest('Cache is not enabled for this stage');
  stageCaches(call).empty(id, stage.stageName);
  return {};
};
