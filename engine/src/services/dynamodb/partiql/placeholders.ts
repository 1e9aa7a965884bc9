import type { Item, Value } from '../values/value';

/** Collects the names and values of a statement that is put into DynamoDB's expressions. */
export class Placeholders {
  readonly names: Record<string, string> = {};
  readonly values: Item = {};

  path(path: readonly (string | number)[]): string {
    return path
      .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${this.#name(step)}`))
      .join('');
  }

  #name(name: string): string {
    const known = Object.keys(this.names).find((key) => this.names[key] === name);
    const key = known ?? `#n${Object.keys(this.names).length}`;
    this.names[key] = name;
    return key;
  }

  value(value: Value): string {
    const key = `:v${Object.keys(this.values).length}`;
    this.values[key] = value;
    return key;
  }

  /** The parameters of a request that holds just these `texts`: DynamoDB refuses placeholders that are not used. */
  parameters(...texts: (string | undefined)[]) {
    const all = texts.join(' ');
    const used = <T>(given: Record<string, T>) => {
      const kept = Object.entries(given).filter(([key]) => new RegExp(`${key}(?![0-9])`).test(all));
      return kept.length > 0 ? Object.fromEntries(kept) : undefined;
    };
    return {
      ExpressionAttributeNames: used(this.names),
      ExpressionAttributeValues: used(this.values),
    };
  }
}
