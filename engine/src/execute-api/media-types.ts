/** Whether a content type is one of an API's binary media types, which may be `type/*` or `*\/*`. */
export function isBinary(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.length === 0) return false;
  if (binaryMediaTypes.includes('*/*')) return true;
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (!type) return false;
  const family = `${type.split('/')[0]}/*`;
  return binaryMediaTypes.some((binary) => binary.toLowerCase() === type || binary.toLowerCase() === family);
}
