/** CloudFront's lists: `Marker` is the id of the last one seen, at most 100 a page. */
export function listPage<T>(
  all: readonly T[],
  idOf: (item: T) => string,
  input: { Marker?: string; MaxItems?: number | string },
) {
  const limit = Math.max(1, Math.min(Number(input.MaxItems ?? 100), 100));
  const from = input.Marker ? all.findIndex((item) => idOf(item) === input.Marker) + 1 : 0;
  const items = all.slice(from, from + limit);
  const more = from + limit < all.length;
  return {
    items,
    Marker: input.Marker ?? '',
    MaxItems: limit,
    IsTruncated: more,
    NextMarker: more ? idOf(items.at(-1)!) : undefined,
    Quantity: items.length,
  };
}
