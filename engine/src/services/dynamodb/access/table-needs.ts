import { arn, type Call, type Needed, parseArn } from '../../../kernel';
import { findTable, tableName } from '../tables/catalog';

export type Keys = NonNullable<Needed['keys']>;

/** A need on a table, or on one of its indexes. Names may be ARNs, of other accounts too. */
export function onTable(
  call: Call,
  action: string,
  table: string | undefined,
  keys: Keys = {},
  index?: string,
): Needed {
  const resource = index === undefined ? tableArn(call, table) : `${tableArn(call, table)}/index/${index}`;
  const owner = parseArn(resource)?.account;
  return {
    action: `dynamodb:${action}`,
    resource,
    keys,
    tags: () =>
      Object.fromEntries(
        (findTable(call, table)?.record.tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]),
      ),
    ...(owner ? { owner } : {}),
  };
}

function tableArn(call: Call, table: string | undefined): string {
  const parsed = table?.startsWith('arn:') ? parseArn(table) : undefined;
  if (parsed) return arn('dynamodb', parsed.region, parsed.account, `table/${tableName(table)}`);
  return arn('dynamodb', call.region, call.account, `table/${table ?? ''}`);
}
