/** Remembers what `make` gave for the latest `limit` texts. Only for functions of the text alone. */
export function remembering<T>(limit: number, make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    let value = known.get(text);
    if (value === undefined) value = make(text);
    else known.delete(text);
    // A Map keeps the order of insertion: the first key is the one that was not asked for the longest.
    known.set(text, value);
    if (known.size > limit) known.delete(known.keys().next().value!);
    return value;
  };
}
