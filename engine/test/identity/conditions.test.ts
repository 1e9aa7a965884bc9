import { compileConditions } from '../../src/identity/policies/condition';
import { Context } from '../../src/identity/policies/context';

function holds(
  operator: string,
  wanted: unknown,
  found?: string | string[],
  more: Record<string, string> = {},
) {
  const context = new Context();
  if (found !== undefined) context.set('aws:Key', typeof found === 'string' ? [found] : found);
  for (const [key, value] of Object.entries(more)) context.set(key, value);
  return compileConditions({ [operator]: { 'AWS:key': wanted } }).every((one) => one.holds(context));
}

test.each([
  ['StringEquals', 'a', 'a'],
  ['StringEquals', ['b', 'a'], 'a'],
  ['StringEqualsIgnoreCase', 'A', 'a'],
  ['StringNotEquals', 'b', 'a'],
  ['StringNotEquals', 'b', undefined],
  ['StringLike', 'a*c', 'abc'],
  ['StringNotLike', 'b*', 'abc'],
  ['StringEqualsIfExists', 'b', undefined],
  ['NumericEquals', '10', '10.0'],
  ['NumericLessThan', '10', '9'],
  ['NumericGreaterThanEquals', 10, '10'],
  ['NumericNotEquals', '10', '11'],
  ['DateLessThan', '2030-01-01T00:00:00Z', '2029-12-31T23:59:59Z'],
  ['DateGreaterThan', '1893456000', '2030-01-01T00:00:01Z'],
  ['Bool', 'true', 'True'],
  ['Bool', true, 'true'],
  ['BinaryEquals', 'QUJD', 'QUJD'],
  ['IpAddress', '203.0.113.0/24', '203.0.113.7'],
  ['IpAddress', '2001:db8::/32', '2001:db8::1'],
  ['IpAddress', '203.0.113.7', '203.0.113.7'],
  ['NotIpAddress', '203.0.113.0/24', '198.51.100.1'],
  ['ArnLike', 'arn:aws:sns:*:1:t*', 'arn:aws:sns:eu-west-1:1:topic'],
  ['ArnEquals', 'arn:aws:sns:*:1:t*', 'arn:aws:sns:eu-west-1:1:topic'],
  ['ArnNotEquals', 'arn:aws:sns:*:1:t*', 'arn:aws:sqs:eu-west-1:1:topic'],
  ['Null', 'true', undefined],
  ['Null', 'false', 'a'],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'a']],
  ['ForAllValues:StringEquals', ['a'], undefined],
  ['ForAnyValue:StringEquals', ['a'], ['c', 'a']],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'c']],
  ['ForAnyValue:StringNotEquals', ['a'], ['a', 'c']],
  ['ForAnyValue:StringEqualsIfExists', ['a'], undefined],
])('%s %j holds for %j', (operator, wanted, found) => {
  expect(holds(operator, wanted, found)).toBe(true);
});

test.each([
  ['StringEquals', 'a', 'A'],
  ['StringEquals', 'a*', 'ab'],
  ['StringEquals', 'a', undefined],
  ['StringNotEquals', ['a', 'b'], 'b'],
  ['StringEqualsIfExists', 'b', 'a'],
  ['NumericEquals', '10', 'ten'],
  ['NumericLessThanEquals', '10', '11'],
  ['DateEquals', 'tomorrow', '2030-01-01T00:00:00Z'],
  ['Bool', 'true', 'false'],
  ['IpAddress', '203.0.113.0/24', '203.0.114.1'],
  ['IpAddress', '203.0.113.0/33', '203.0.113.1'],
  ['IpAddress', '203.0.113.0/24', 'here'],
  ['ArnLike', 'arn:aws:sns:*:1:t', 'arn:aws:sns:eu-west-1:2:t'],
  ['Null', 'true', 'a'],
  ['Null', 'false', undefined],
  ['ForAllValues:StringEquals', ['a'], ['a', 'b']],
  ['ForAnyValue:StringEquals', ['a'], undefined],
  ['ForAnyValue:StringNotEquals', ['a'], ['a']],
  ['ForAllValues:StringNotEquals', ['a'], ['b', 'a']],
])('%s %j does not hold for %j', (operator, wanted, found) => {
  expect(holds(operator, wanted, found)).toBe(false);
});

describe('variables', () => {
  const of = (name: string) => ({ 'aws:username': name });

  test('stand for the request’s own', () => {
    expect(holds('StringEquals', '${aws:username}/x', 'ada/x', of('ada'))).toBe(true);
    expect(holds('StringLike', '${AWS:UserName}*', 'ada/x', of('ada'))).toBe(true);
    expect(holds('StringEquals', '${aws:username}', 'ada', of('bob'))).toBe(false);
  });

  test('a value’s own wildcards stand for themselves', () => {
    expect(holds('StringLike', '${aws:username}/x', 'ada/x', of('*'))).toBe(false);
    expect(holds('StringLike', '${aws:username}/x', '*/x', of('*'))).toBe(true);
    expect(holds('StringLike', 'a${*}${?}${$}', 'a*?$')).toBe(true);
    expect(holds('StringLike', 'a${*}', 'ab')).toBe(false);
  });

  test('match nothing without a value, or take their default', () => {
    expect(holds('StringLike', '${aws:username}*', 'ada')).toBe(false);
    expect(holds('StringEquals', "${aws:username, 'nobody'}", 'nobody')).toBe(true);
    expect(holds('StringEquals', "${aws:username, 'nobody'}", 'ada', of('ada'))).toBe(true);
  });
});
