import { AwsError, type Call } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import { tagsOf } from './tag-store';

type Value = string | number | boolean | undefined;

/** How a filter's name finds its values in a record. */
export type Filters<T> = Readonly<Record<string, (item: T) => Value | readonly Value[]>>;

interface Asked {
  Filters?: { Name?: string; Values?: string[] }[] | undefined;
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

/** `*` and `?` stand for what they do in file names; a backslash takes that from them. */
function wildcard(pattern: string): RegExp {
  const source = pattern.replace(
    /\\([*?\\])|[*?]|[.+^${}()|[\]\\]/g,
    (match, escaped: string | undefined) => {
      if (escaped !== undefined) return `\\${escaped}`;
      if (match === '*') return '[^]*';
      return match === '?' ? '[^]' : `\\${match}`;
    },
  );
  return new RegExp(`^${source}$`);
}

/**
 * What of `items` an operation was asked for, a page of it. Values of one filter are alternatives, filters are not.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html
 */
export function describe<T extends { id: string }>(
  call: Call,
  input: Asked,
  items: readonly T[],
  filters: Filters<T>,
): { items: T[]; next: { NextToken?: string } } {
  let kept = [...items];
  for (const { Name, Values } of input.Filters ?? []) {
    const test = tester(call, Name ?? '', Values ?? [], filters);
    kept = kept.filter(test);
  }
  const page = pageOfList(kept, ({ id }) => id, {
    limit: input.MaxResults ?? 1_000,
    token: input.NextToken,
    invalidToken: () => new AwsError('InvalidNextToken', 'The specified token is not valid.'),
  });
  return { items: page.items, next: page.next === undefined ? {} : { NextToken: page.next } };
}

function tester<T extends { id: string }>(
  call: Call,
  name: string,
  values: readonly string[],
  filters: Filters<T>,
): (item: T) => boolean {
  const patterns = values.map(wildcard);
  const passes = (value: Value) =>
    value !== undefined && patterns.some((pattern) => pattern.test(String(value)));
  if (name.startsWith('tag:')) {
    const key = name.slice(4);
    return ({ id }) => tagsOf(call, id).some((tag) => tag.Key === key && passes(tag.Value));
  }
  if (name === 'tag-key') return ({ id }) => tagsOf(call, id).some((tag) => passes(tag.Key));
  if (name === 'tag-value') return ({ id }) => tagsOf(call, id).some((tag) => passes(tag.Value));
  const get = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (!get) throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
  return (item) => {
    const found = get(item);
    return Array.isArray(found) ? found.some(passes) : passes(found as Value);
  };
}
