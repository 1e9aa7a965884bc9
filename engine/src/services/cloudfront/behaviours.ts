import type { DistributionConfig } from '@aws-sdk/client-cloudfront';

export type AnyBehaviour = DistributionConfig['DefaultCacheBehavior'] & { PathPattern?: string };

/** All behaviours in the order they are tried; the default one is last. */
export function behavioursOf(config: DistributionConfig): NonNullable<AnyBehaviour>[] {
  return [...(config.CacheBehaviors?.Items ?? []), config.DefaultCacheBehavior!];
}
