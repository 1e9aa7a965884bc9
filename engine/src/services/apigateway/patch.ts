import type { PatchOperation } from '@aws-sdk/client-api-gateway';
import { badRequest } from './errors';

export interface Patch {
  op: string;
  /** As given, with its slashes. */
  path: string;
  /** The path's parts, `~1` and `~0` decoded. */
  parts: string[];
  value: string | undefined;
  /** Of `copy`: where from. */
  from: string | undefined;
}

/** https://docs.aws.amazon.com/apigateway/latest/api/patch-operations.html */
export function patches(operations: readonly PatchOperation[] | undefined): Patch[] {
  return (operations ?? []).map(({ op, path, value, from }) => {
    if (path === undefined) throw badRequest('Invalid patch path null');
    const parts = path.split('/').slice(1).map(unescapePointer);
    return { op: op ?? '', path, parts, value, from };
  });
}

function unescapePointer(part: string): string {
  return part.replace(/~1/g, '/').replace(/~0/g, '~');
}

export const invalidPath = (path: string) => badRequest(`Invalid patch path ${path}`);

export const invalidOperation = (supported: readonly string[]) =>
  badRequest(`Invalid patch operation specified. Must be one of: [${supported.join(', ')}]`);

/** The sentence that resources, models and validators answer for what they do not take. */
export function requireReplace(patch: Patch, paths: readonly string[]): void {
  if (patch.op !== 'replace') {
    throw badRequest(
      `Invalid patch path  '${patch.path}' specified for op '${patch.op}'. Please choose supported operations`,
    );
  }
  if (!paths.includes(patch.path)) {
    throw badRequest(
      `Invalid patch path  '${patch.path}' specified for op '${patch.op}'. Must be one of: [${paths.join(', ')}]`,
    );
  }
}

/** A copy of `map` with one key set or removed; undefined once it is empty. */
export function patchMap<V>(
  map: Record<string, V> | undefined,
  key: string,
  value: V | undefined,
): Record<string, V> | undefined {
  const copy = { ...map };
  if (value === undefined) delete copy[key];
  else copy[key] = value;
  return Object.keys(copy).length === 0 ? undefined : copy;
}
