import type { Operation } from '../../../kernel';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { project } from '../expressions/paths';
import { attributesToGet } from '../legacy/attributes-to-get';
import { useTable } from '../tables/catalog';
import { checkItem } from '../values/check';
import { itemSize } from '../values/size';
import { consumed, readUnits, wantsCapacity } from './capacity';
import { checkKey } from './item-key';
import { checkKeyPaths } from './key-paths';

export const getItem: Operation<'dynamodb', 'GetItem'> = (input, call) => {
  checkParameters(input, ['ProjectionExpression'], ['AttributesToGet']);
  const key = checkItem(input.Key ?? {});
  const projection = attributesToGet(input.AttributesToGet) ?? readExpressions(input).projection;
  const table = useTable(call, input.TableName);
  const { bytes } = checkKey(table, key);
  if (projection) checkKeyPaths(table, projection);
  const item = table.items.get(bytes);
  const mode = input.ReturnConsumedCapacity;
  return {
    ...(item && { Item: projection ? project(item, projection) : item }),
    ...(wantsCapacity(mode) && {
      ConsumedCapacity: consumed(mode, input.TableName, {
        table: readUnits(item ? itemSize(item) : 0, input.ConsistentRead),
        indexes: [],
      }),
    }),
  };
};
