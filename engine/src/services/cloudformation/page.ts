import { refuse } from '../../templates/refusal';

/** One page of a list, and the token of the next. */
export function page<T>(
  all: readonly T[],
  token: string | undefined,
  size = 100,
): { items: T[]; next?: string } {
  let from = 0;
  if (token !== undefined) {
    const decoded = Buffer.from(token, 'base64url').toString();
    if (!/^\d+$/.test(decoded)) throw refuse('Invalid NextToken');
    from = Number(decoded);
  }
  const items = all.slice(from, from + size);
  if (from + size >= all.length) return { items };
  return { items, next: Buffer.from(String(from + size)).toString('base64url') };
}
