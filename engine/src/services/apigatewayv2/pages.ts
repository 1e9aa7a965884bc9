import { pageOf } from '../../kernel';
import type { Collection, Key } from '../../storage';
import { badRequest } from './errors';

/** Lists give 100 at most, and the token of the next page. */
export function page<V>(
  collection: Collection<V>,
  input: { MaxResults?: string | undefined; NextToken?: string | undefined },
  prefix?: Key,
): { Items: V[]; NextToken?: string } {
  const limit = input.MaxResults === undefined ? 100 : Number(input.MaxResults);
  if (!Number.isInteger(limit) || limit < 1) throw badRequest('Invalid value for maxResults');
  const { items, next } = pageOf(collection, {
    limit: Math.min(limit, 100),
    token: input.NextToken,
    ...(prefix === undefined ? {} : { prefix }),
    invalidToken: () => badRequest('Invalid nextToken'),
  });
  return next === undefined ? { Items: items } : { Items: items, NextToken: next };
}
