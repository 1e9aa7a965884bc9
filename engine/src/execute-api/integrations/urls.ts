/** What of a path's value would end the path or begin a query is encoded; what is encoded already stays so. */
export function encodePath(value: string): string {
  return value.replace(/[^A-Za-z0-9\-._~!$&'()*+,;=:@/%]/g, encodeURIComponent);
}

/** `{name}` and `{name+}` in an endpoint's URI, from what is mapped to them. */
export function filledPath(uri: string, values: Readonly<Record<string, string>>): string {
  return uri.replace(/(?<!\$)\{([\w-]+)\+?\}/g, (all, name: string) =>
    Object.hasOwn(values, name) ? encodePath(values[name] ?? '') : all,
  );
}

export function queryText(query: readonly (readonly [name: string, value: string])[]): string {
  return query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
