import { badRequest } from '../errors';

/** What stands for no base path at all. */
export const NONE = '(none)';

/** The base path as it is kept: empty for none. */
export function keyOf(basePath: string | undefined): string {
  return basePath === NONE ? '' : (basePath ?? '');
}

export function checkKey(key: string): void {
  if (key.includes('/')) {
    throw badRequest(
      "API Gateway V1 doesn't support the slash character (/) in base path mappings. To create a multi-level base path mapping, use API Gateway V2.",
    );
  }
}
