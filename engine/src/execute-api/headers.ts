/** Header names that arrive as `Authorization`, `Host` and `User-Agent`, also where a client sends lower case. */
const RESPELT: ReadonlySet<string> = new Set(['authorization', 'host', 'user-agent']);

/** HTTP headers in the order and spelling they came in, each possibly several times. */
export class HeaderList {
  readonly entries: [name: string, value: string][] = [];

  static fromRaw(raw: readonly string[]): HeaderList {
    const list = new HeaderList();
    for (let i = 0; i + 1 < raw.length; i += 2) list.append(raw[i]!, raw[i + 1]!);
    return list;
  }

  /** The last value, which is the one API Gateway's single-value maps show. */
  get(name: string): string | undefined {
    const lower = name.toLowerCase();
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i]!;
      if (isNamed(entry[0], lower)) return entry[1];
    }
    return undefined;
  }

  all(name: string): string[] {
    const lower = name.toLowerCase();
    return this.entries.filter(([key]) => isNamed(key, lower)).map(([, value]) => value);
  }

  /**
   * The values under a name spelt exactly so: API Gateway's mappings and validation tell cases apart, but for names
   * that it spells itself whatever the client sent.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
   */
  exactly(name: string): string[] {
    if (RESPELT.has(name.toLowerCase())) return this.all(name);
    return this.entries.filter(([key]) => key === name).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  append(name: string, value: string): void {
    this.entries.push([name, value]);
  }

  set(name: string, value: string): void {
    this.remove(name);
    this.append(name, value);
  }

  remove(name: string): void {
    const lower = name.toLowerCase();
    for (let i = this.entries.length - 1; i >= 0; i--) {
      if (isNamed(this.entries[i]![0], lower)) this.entries.splice(i, 1);
    }
  }

  /** Name to last value; the first spelling of a name wins. */
  single(): Record<string, string> {
    const out: Record<string, string> = {};
    for (const [name, values] of Object.entries(this.multi())) out[name] = values.at(-1)!;
    return out;
  }

  multi(): Record<string, string[]> {
    const spelling = new Map<string, string>();
    const out: Record<string, string[]> = {};
    for (const [name, value] of this.entries) {
      const lower = name.toLowerCase();
      const known = spelling.get(lower);
      if (known === undefined) {
        spelling.set(lower, name);
        out[name] = [value];
      } else {
        out[known]!.push(value);
      }
    }
    return out;
  }

  copy(): HeaderList {
    const list = new HeaderList();
    for (const [name, value] of this.entries) list.append(name, value);
    return list;
  }

  /** As node:http's writeHead and request take them. */
  flat(): string[] {
    return this.entries.flat();
  }
}

/** Each request asks for many names: those of another length are told apart without changing their case. */
function isNamed(key: string, lower: string): boolean {
  return key.length === lower.length && key.toLowerCase() === lower;
}
