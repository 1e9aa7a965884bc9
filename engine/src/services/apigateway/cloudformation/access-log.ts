import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { remove, replace } from './values';

export interface AccessLog {
  DestinationArn?: string;
  Format?: string;
}

export const ACCESS_LOG = { DestinationArn: true, Format: true } as const;

/** What makes a stage's access log that of the template. */
export function accessLogPatches(
  before: AccessLog | undefined,
  after: AccessLog | undefined,
): PatchOperation[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const at = '/accessLogSettings';
  // Only the whole of it can be removed.
  const cleared = before ? [remove(at)] : [];
  const { DestinationArn, Format } = after ?? {};
  return [
    ...cleared,
    ...(DestinationArn === undefined ? [] : [replace(`${at}/destinationArn`, DestinationArn)]),
    ...(Format === undefined ? [] : [replace(`${at}/format`, Format)]),
  ];
}
