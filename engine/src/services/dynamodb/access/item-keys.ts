import type { AttributeValue, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type Call, isAwsError } from '../../../kernel';
import { keyTests } from '../expressions/key-condition';
import { type ExpressionInput, readExpressions } from '../expressions/parameters';
import { pathsIn } from '../expressions/walk';
import { legacyKeyTests } from '../legacy/filters';
import { findTable } from '../tables/catalog';
import type { Keys } from './table-needs';

type Item = Record<string, AttributeValue> | undefined;

interface Asked extends ExpressionInput {
  TableName?: string | undefined;
  AttributesToGet?: string[] | undefined;
  ReturnConsumedCapacity?: string | undefined;
  ReturnValues?: string | undefined;
  Select?: string | undefined;
}

/**
 * The condition keys of a request for items by their keys.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html#FGAC_DDB.ConditionKeys
 */
export function itemKeys(call: Call, table: string | undefined, items: readonly Item[], asked: Asked): Keys {
  return {
    ...told(asked),
    'dynamodb:LeadingKeys': () => {
      const partition = findTable(call, table)?.key.hash.name;
      return partition === undefined ? undefined : items.flatMap((item) => textOf(item?.[partition]));
    },
    'dynamodb:Attributes': () => [
      ...new Set([...items.flatMap((item) => Object.keys(item ?? {})), ...namedIn(asked)]),
    ],
  };
}

/** The same of a query, whose partition key stands in its condition. */
export function queryKeys(call: Call, asked: QueryCommandInput): Keys {
  return {
    ...told(asked),
    'dynamodb:LeadingKeys': () =>
      readable(() => {
        const table = findTable(call, asked.TableName);
        const index = table?.indexes.find(({ name }) => name === asked.IndexName);
        const partition = (index ?? table)?.key.hash.name;
        const { keyCondition } = readExpressions(asked);
        const tests = keyCondition ? keyTests(keyCondition) : legacyKeyTests(asked.KeyConditions ?? {});
        return partition === undefined ? undefined : tests.get(partition)?.values.flatMap(textOf);
      }),
    'dynamodb:Attributes': () => namedIn(asked),
  };
}

function told(asked: Asked): Keys {
  return {
    'dynamodb:ReturnConsumedCapacity': asked.ReturnConsumedCapacity,
    'dynamodb:ReturnValues': asked.ReturnValues,
    'dynamodb:Select': asked.Select,
  };
}

/** The top-level attributes that expressions name. */
function namedIn(asked: Asked): string[] {
  const { update, condition, keyCondition, filter, projection } =
    readable(() => readExpressions(asked)) ?? {};
  const conditions = [condition, keyCondition, filter].flatMap((one) => (one ? pathsIn(one) : []));
  const paths = [...conditions, ...(projection ?? []), ...(update ?? []).map((action) => action.path)];
  return [...(asked.AttributesToGet ?? []), ...paths.map((path) => String(path[0]))];
}

/** What cannot be read has no values here; the operation says what is wrong with it. */
function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

/** Key values as policies spell them: text, numbers in digits, bytes in base64. */
function textOf(value: AttributeValue | undefined): string[] {
  if (value?.S !== undefined) return [value.S];
  if (value?.N !== undefined) return [value.N];
  return value?.B === undefined ? [] : [Buffer.from(value.B).toString('base64')];
}
