/**
 * The order in which AWS lists an enum's values in "Member must satisfy enum value set: […]". It is that of a hash
 * set of Java strings with 32 buckets or more, later values ahead of earlier ones in the same bucket: true of every
 * such message that we know, of any service.
 */
export function enumOrder(values: readonly string[]): string[] {
  let buckets = 32;
  while (values.length > buckets * 0.75) buckets *= 2;
  return values
    .map((value, index) => ({ value, index, bucket: javaHash(value) & (buckets - 1) }))
    .sort((a, b) => a.bucket - b.bucket || b.index - a.index)
    .map(({ value }) => value);
}

function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}
