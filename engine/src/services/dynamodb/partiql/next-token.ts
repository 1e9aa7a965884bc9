import { invalid } from '../errors';
import { checkItem } from '../values/check';
import type { Item } from '../values/value';

/** A position between pages, as opaque text. */
export function tokenOf(key: Item): string {
  const text = JSON.stringify(key, (_name, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );
  return Buffer.from(text).toString('base64');
}

export function keyOfToken(token: string): Item {
  try {
    const key = JSON.parse(Buffer.from(token, 'base64').toString()) as Record<
      string,
      { S?: string; N?: string; B?: string }
    >;
    const values = Object.entries(key).map(([name, { S, N, B }]) => {
      if (B !== undefined) return [name, { B: Buffer.from(B, 'base64') }];
      return [name, S === undefined ? { N } : { S }];
    });
    return checkItem(Object.fromEntries(values) as Item);
  } catch {
    throw invalid('Given NextToken is invalid');
  }
}
