import type { Operation } from '../../../kernel';
import { invalid } from '../errors';
import { keyTests } from '../expressions/key-condition';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { attributesToGet } from '../legacy/attributes-to-get';
import { legacyFilter, legacyKeyTests } from '../legacy/filters';
import { useTable } from '../tables/catalog';
import { checkKeyPaths } from './key-paths';
import { checkQueryStart, checkTests, queryRange } from './key-range';
import { readPage } from './page';
import { readOutput } from './read-output';
import { checkFilter, checkSelect, needsTable, sourceOf } from './source';
import { checkStartValues, startBytes } from './start-key';

export const query: Operation<'dynamodb', 'Query'> = (input, call) => {
  const legacy = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator', 'KeyConditions'];
  // KeyConditions may stand beside expressions as long as these leave the key alone.
  if (input.KeyConditionExpression === undefined) legacy.pop();
  checkParameters(input, ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'], legacy);
  checkSelect(input);
  const oldFilter = legacyFilter(input.QueryFilter, input.ConditionalOperator);
  const oldProjection = attributesToGet(input.AttributesToGet);
  const start = checkStartValues(input.ExclusiveStartKey);
  if (!input.KeyConditions && input.KeyConditionExpression === undefined) {
    throw invalid(
      'Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.',
    );
  }
  const expressions = readExpressions(input);
  const tests = expressions.keyCondition
    ? keyTests(expressions.keyCondition)
    : legacyKeyTests(input.KeyConditions ?? {});
  if (tests.size < 1 || tests.size > 2) throw invalid('Conditions can be of length 1 or 2 only');
  const table = useTable(call, input.TableName);
  const source = sourceOf(table, input);
  checkTests(source, tests);
  const from = start && startBytes(source, start);
  if (start) checkQueryStart(source, tests, start);
  const projection = oldProjection ?? expressions.projection;
  if (projection) checkKeyPaths(table, projection);
  const filter = oldFilter ?? expressions.filter;
  checkFilter(source, filter, oldFilter ? 'QueryFilter' : 'Filter Expression');
  const fetch = needsTable(source, input.Select, projection);
  const range = queryRange(source, tests, from, input.ScanIndexForward === false);
  const page = readPage({
    source,
    range,
    limit: input.Limit,
    filter,
    projection,
    countOnly: input.Select === 'COUNT',
    fetch,
    consistent: input.ConsistentRead,
  });
  return readOutput(input, page);
};
