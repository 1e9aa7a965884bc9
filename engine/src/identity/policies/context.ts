type Values = readonly string[];
type Value = string | Values | undefined | (() => Values | undefined);

/** Finds what a request knows under a key: the key as it is asked for, and in lower case. */
export type Source = (key: string, name: string) => Value;

/**
 * What is known of a request, by condition key. Names of keys have no case. What is dear to find out is given as a
 * function and found out when a policy asks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class Context {
  readonly #source: Source | undefined;
  readonly #values = new Map<string, Values | undefined | (() => Values | undefined)>();
  /** Finds keys that name something of the request's, such as `aws:ResourceTag/<key>`. */
  readonly #families = new Map<string, (name: string) => Values | undefined>();

  /** What nobody has `set` is looked for in the source, once. */
  constructor(source?: Source) {
    this.#source = source;
  }

  set(key: string, value: Value): this {
    this.#values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    return this;
  }

  /** All keys that begin with `prefix`, the rest of the key being a name whose case counts to `find` alone. */
  family(prefix: string, find: (name: string) => Values | undefined): this {
    this.#families.set(prefix.toLowerCase(), find);
    return this;
  }

  /** A context of nothing but what these keys are now: it holds on to nothing of the request. */
  only(keys: readonly string[]): Context {
    const kept = new Context();
    for (const key of keys) kept.set(key, this.get(key));
    return kept;
  }

  /** The key's values; undefined where the request has none. */
  get(key: string): Values | undefined {
    const name = key.toLowerCase();
    const found = this.#values.get(name);
    if (typeof found === 'function') {
      const values = found();
      this.#values.set(name, values);
      return values;
    }
    if (found !== undefined || this.#values.has(name)) return found;
    const slash = name.indexOf('/') + 1;
    const family = slash > 0 ? this.#families.get(name.slice(0, slash)) : undefined;
    if (family) return family(key.slice(slash));
    return this.#source && this.#find(this.#source, key, name);
  }

  #find(source: Source, key: string, name: string): Values | undefined {
    const found = source(key, name);
    const values = typeof found === 'function' ? found() : typeof found === 'string' ? [found] : found;
    // Names behind a slash may differ in their case.
    if (!name.includes('/')) this.#values.set(name, values);
    return values;
  }
}
