import { AwsError, type Call } from '../../kernel';
import { newest, stateOf } from './store';

interface Filter {
  Key: string | undefined;
  Option?: string | undefined;
  Values?: string[] | undefined;
}

const OPTIONS: Record<string, readonly string[]> = {
  Name: ['Equals', 'BeginsWith', 'Contains'],
  Path: ['OneLevel', 'Recursive'],
  Type: ['Equals', 'BeginsWith'],
  KeyId: ['Equals', 'BeginsWith'],
  Tier: ['Equals', 'BeginsWith'],
  Label: ['Equals'],
  DataType: ['Equals', 'BeginsWith'],
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html */
export function checkFilters(filters: readonly Filter[] | undefined, allowed: readonly string[]): void {
  const seen = new Set<string>();
  for (const { Key, Option, Values } of filters ?? []) {
    const key = Key!;
    if (!allowed.includes(key) && !(allowed.includes('tag') && key.startsWith('tag:'))) {
      throw new AwsError(
        'InvalidFilterKey',
        `The following filter key is not valid: ${key}. Valid filter keys include: [${allowed.join(', ')}].`,
      );
    }
    if (seen.has(key)) {
      throw new AwsError(
        'InvalidFilterKey',
        'The following filter is duplicated in the request: ' +
          `${key}. A request can contain only one occurrence of a specific filter.`,
      );
    }
    seen.add(key);
    const options = OPTIONS[key] ?? ['Equals'];
    if (Option !== undefined && !options.includes(Option)) {
      throw new AwsError(
        'InvalidFilterOption',
        `The following filter option is not valid: ${Option}. Valid options include: [${options.join(', ')}].`,
      );
    }
    if (!key.startsWith('tag:') && (Values === undefined || Values.length === 0)) {
      throw new AwsError(
        'InvalidFilterValue',
        `The following filter values are missing : null for filter key ${key}.`,
      );
    }
  }
}

export function matchesFilters(
  call: Call,
  name: string,
  filters: readonly Filter[] | undefined,
  allowed: readonly string[],
): boolean {
  if (!filters || filters.length === 0) return true;
  checkFilters(filters, allowed);
  return filters.every((filter) => matches(call, name, filter));
}

function matches(call: Call, name: string, { Key, Option, Values }: Filter): boolean {
  const found = newest(call, name);
  if (!found) return false;
  const { parameter, version } = found;
  const key = Key!;
  const values = Values ?? [];
  if (key.startsWith('tag:')) {
    const tag = parameter.tags.find((held) => held.Key === key.slice(4));
    return tag !== undefined && (values.length === 0 || values.includes(tag.Value));
  }
  switch (key) {
    case 'Name':
      // A name with and without its slash in front are one to a filter.
      return compare(
        name.replace(/^\//, ''),
        Option ?? 'Equals',
        values.map((value) => value.replace(/^\//, '')),
      );
    case 'Path':
      return values.some((path) => {
        const folder = path.endsWith('/') ? path : `${path}/`;
        if (!name.startsWith(folder)) return false;
        return Option === 'Recursive' || name.indexOf('/', folder.length) < 0;
      });
    case 'Type':
      return compare(version.type, Option ?? 'Equals', values);
    case 'KeyId':
      return compare(version.keyId ?? '', Option ?? 'Equals', values);
    case 'Tier':
      return compare(version.tier, Option ?? 'Equals', values);
    case 'DataType':
      return compare(version.dataType, Option ?? 'Equals', values);
    case 'Label':
      for (const { labels } of stateOf(call).versions.values({ prefix: name })) {
        if (labels.some((label) => values.includes(label))) return true;
      }
      return false;
    default:
      return false;
  }
}

function compare(text: string, option: string, values: readonly string[]): boolean {
  if (option === 'BeginsWith') return values.some((value) => text.startsWith(value));
  if (option === 'Contains') return values.some((value) => text.includes(value));
  return values.includes(text);
}
