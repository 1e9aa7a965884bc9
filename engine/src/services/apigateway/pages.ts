import { badRequest } from './errors';

/** API Gateway's pages: at most `limit` (25 by default, 500 at most), `position` is the key of the last one seen. */
export function page<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  input: { limit?: number; position?: string },
): { items: T[]; position?: string } {
  const limit = Math.min(input.limit ?? 25, 500);
  if (limit < 1) throw badRequest('Invalid limit value');
  let from = 0;
  if (input.position !== undefined) {
    const last = Buffer.from(input.position, 'base64url').toString('utf8');
    from = items.findIndex((item) => keyOf(item) === last) + 1;
  }
  const chosen = items.slice(from, from + limit);
  const more = from + limit < items.length && chosen.length > 0;
  return {
    items: chosen,
    ...(more && { position: Buffer.from(keyOf(chosen.at(-1)!)).toString('base64url') }),
  };
}
