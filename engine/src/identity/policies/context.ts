type Values = readonly string[];

/**
 * What is known of a request, by condition key. Names of keys have no case. What is dear to find out is given as a
 * function and found out when a policy asks.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export class Context {
  readonly #values = new Map<string, Values | undefined | (() => Values | undefined)>();
  /** Finds keys that name something of the request's, such as `aws:ResourceTag/<key>`. */
  readonly #families = new Map<string, (name: string) => Values | undefined>();

  set(key: string, value: string | Values | undefined | (() => Values | undefined)): this {
    this.#values.set(key.toLowerCase(), typeof value === 'string' ? [value] : value);
    return this;
  }

  /** All keys that begin with `prefix`, the rest of the key being a name whose case counts to `find` alone. */
  family(prefix: string, find: (name: string) => Values | undefined): this {
    this.#families.set(prefix.toLowerCase(), find);
    return this;
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
    return slash > 0 ? this.#families.get(name.slice(0, slash))?.(key.slice(slash)) : undefined;
  }
}
