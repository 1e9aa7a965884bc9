import { totalmem } from 'node:os';
import type { Host } from '../../kernel';
import type { Deployed } from '../deployed';
import { ResponseCache } from './responses';

const GIGABYTE = 2 ** 30;

/** The caches of this process's stages. They are memory only: an engine that starts again begins with empty ones. */
export class StageCaches {
  readonly #caches = new Map<string, ResponseCache>();

  /** By `cacheName`; `size` is the stage's cacheClusterSize, in gigabytes. */
  named(name: string, size: string | undefined): ResponseCache {
    let cache = this.#caches.get(name);
    if (!cache) {
      cache = new ResponseCache(capacityOf(size));
      this.#caches.set(name, cache);
    }
    return cache;
  }

  /** Of an API that is gone. */
  forget(apiId: string): void {
    for (const name of this.#caches.keys()) {
      if (name.startsWith(`${apiId}/`)) this.#caches.delete(name);
    }
  }

  /**
   * Responses that are under way go to the cache that was there when they were asked for, so a cache is emptied by
   * putting another in its place.
   */
  empty(apiId: string, stageName: string): void {
    this.#caches.delete(`${apiId}/${stageName}`);
    this.emptyCanary(apiId, stageName);
  }

  emptyCanary(apiId: string, stageName: string): void {
    this.#caches.delete(`${apiId}/${stageName}/canary`);
  }
}

/**
 * A canary has a cache of its own, unless it is told to use the stage's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
 */
export function cacheName({ isCanary, snapshot, stage }: Deployed): string {
  const name = `${snapshot.apiId}/${stage.stageName}`;
  return isCanary && stage.canarySettings?.useStageCache !== true ? `${name}/canary` : name;
}

/** As large as it was chosen, as far as this machine can spare it. */
function capacityOf(size = '0.5'): number {
  return Math.min(Number(size) * GIGABYTE, totalmem() / 4);
}

export function stageCaches(host: Host): StageCaches {
  return host.memo('execute-api.caches', () => new StageCaches());
}
