import type { Operation } from '../../../kernel';
import type { BytesRange } from '../../../storage';
import { invalid } from '../errors';
import { checkParameters, readExpressions } from '../expressions/parameters';
import { segmentBounds } from '../keys';
import { attributesToGet } from '../legacy/attributes-to-get';
import { legacyFilter } from '../legacy/filters';
import { useTable } from '../tables/catalog';
import { checkKeyPaths } from './key-paths';
import { readPage } from './page';
import { readOutput } from './read-output';
import { checkFilter, checkSelect, needsTable, sourceOf } from './source';
import { checkStartValues, startBytes } from './start-key';

export const scan: Operation<'dynamodb', 'Scan'> = (input, call) => {
  checkParameters(
    input,
    ['ProjectionExpression', 'FilterExpression'],
    ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
  );
  checkSelect(input);
  const oldProjection = attributesToGet(input.AttributesToGet);
  const oldFilter = legacyFilter(input.ScanFilter, input.ConditionalOperator);
  const start = checkStartValues(input.ExclusiveStartKey);
  const { Segment: segment, TotalSegments: total } = input;
  checkSegments(segment, total);
  const expressions = readExpressions(input);
  const table = useTable(call, input.TableName);
  const source = sourceOf(table, input);
  const projection = oldProjection ?? expressions.projection;
  const fetch = needsTable(source, input.Select, projection);
  const from = start && startBytes(source, start);
  if (projection) checkKeyPaths(table, projection);
  const filter = oldFilter ?? expressions.filter;
  checkFilter(source, filter);
  const page = readPage({
    source,
    range: scanRange(segment, total, from),
    limit: input.Limit,
    filter,
    projection,
    countOnly: input.Select === 'COUNT',
    fetch,
    consistent: input.ConsistentRead,
  });
  return readOutput(input, page);
};

function checkSegments(segment: number | undefined, total: number | undefined): void {
  if (total === undefined) {
    if (segment === undefined) return;
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    );
  }
  if (segment === undefined) {
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    );
  }
  if (segment >= total) {
    throw invalid(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${segment} is not less than TotalSegments: ${total}`,
    );
  }
}

function scanRange(segment = 0, total = 1, start: Buffer | undefined): BytesRange {
  const { gte, lt } = segmentBounds(segment, total);
  if (!start) return { gte, ...(lt && { lt }) };
  if (start.compare(gte) < 0 || (lt && start.compare(lt) >= 0)) {
    throw invalid(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment. ' +
        `TotalSegments: ${total} Segment: ${segment}`,
    );
  }
  return { gt: start, ...(lt && { lt }) };
}
