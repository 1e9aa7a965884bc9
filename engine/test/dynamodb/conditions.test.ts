import fc from 'fast-check';
import { meets } from '../../src/services/dynamodb/expressions/evaluate';
import { readExpressions } from '../../src/services/dynamodb/expressions/parameters';
import type { Item, Value } from '../../src/services/dynamodb/values/value';

interface Bound {
  names?: Record<string, string>;
  values?: Record<string, Value>;
}

function read(text: string, { names, values }: Bound = {}) {
  return readExpressions({
    ConditionExpression: text,
    ...(names && { ExpressionAttributeNames: names }),
    ...(values && { ExpressionAttributeValues: values }),
  }).condition!;
}

const item: Item = {
  n: { N: '10' },
  s: { S: 'banana' },
  b: { B: Uint8Array.of(1, 2, 3) },
  yes: { BOOL: true },
  nil: { NULL: true },
  tags: { SS: ['red', 'green'] },
  nums: { NS: ['1', '5'] },
  l: { L: [{ S: 'a' }, { N: '3' }, { M: { x: { S: 'deep' } } }] },
  m: { M: { a: { M: { b: { N: '7' } } }, 'dot.ted': { S: 'odd' } } },
};

const values: Record<string, Value> = {
  ':one': { N: '1' },
  ':ten': { N: '10' },
  ':eleven': { N: '11' },
  ':s': { S: 'ban' },
  ':banana': { S: 'banana' },
  ':red': { S: 'red' },
  ':bytes': { B: Uint8Array.of(2, 3) },
  ':N': { S: 'N' },
  ':tags': { SS: ['green', 'red'] },
  ':seven': { N: '7' },
};

test.each([
  ['n = :ten', true],
  ['n <> :ten', false],
  ['n > :one', true],
  ['n >= :ten AND n <= :ten', true],
  ['n < :one', false],
  ['absent = :one', false],
  ['absent <> :one', true],
  ['absent < :one', false],
  ['s > :ten', false],
  ['s <> :ten', true],
  ['tags = :tags', true],
  ['n BETWEEN :one AND :eleven', true],
  ['n BETWEEN :ten AND :ten', true],
  ['absent BETWEEN :one AND :ten', false],
  ['n IN (:one, :ten)', true],
  ['n IN (:one)', false],
  ['attribute_exists(n)', true],
  ['attribute_exists(nil)', true],
  ['attribute_exists(m.a.b)', true],
  ['attribute_exists(m.a.c)', false],
  ['attribute_exists(l[2].x)', true],
  ['attribute_exists(l[3])', false],
  ['attribute_not_exists(absent)', true],
  ['attribute_type(n, :N)', true],
  ['attribute_type(s, :N)', false],
  ['begins_with(s, :s)', true],
  ['begins_with(n, :s)', false],
  ['contains(s, :s)', true],
  ['contains(tags, :red)', true],
  ['contains(tags, :s)', false],
  ['contains(nums, :one)', true],
  ['contains(nums, :ten)', false],
  ['contains(b, :bytes)', true],
  ['contains(l, :one)', false],
  ['size(s) > :one', true],
  ['size(tags) = :one', false],
  ['size(l) < :ten', true],
  ['size(n) = :one', false],
  ['size(absent) = :one', false],
  ['m.a.b = :seven', true],
  [':ten = n', true],
  ['NOT n = :one', true],
  ['not (n = :ten)', false],
  // AND binds closer than OR, NOT closer than AND.
  ['n = :ten OR n = :ten AND n = :one', true],
  ['(n = :ten OR n = :ten) AND n = :one', false],
  ['NOT n = :one AND n = :one', false],
  ['(n) = (:ten)', true],
  ['(n = :ten AND (s = :banana))', true],
  ['(n = :ten) and (attribute_exists(s))', true],
])('%s is %s', (text, expected) => {
  const used = Object.fromEntries(
    Object.entries(values).filter(([name]) => new RegExp(`${name}\\b`).test(text)),
  );
  const bound = Object.keys(used).length > 0 ? { values: used } : {};
  expect(meets(item, read(text, bound))).toBe(expected);
});

test('a name may hold anything, dots too', () => {
  const names = { '#m': 'm', '#odd': 'dot.ted' };
  expect(meets(item, read('attribute_exists(#m.#odd)', { names }))).toBe(true);
});

const all = { values: { ':v': { N: '1' }, ':w': { S: 'w' } } as Record<string, Value> };
const one = { values: { ':v': { N: '1' } } as Record<string, Value> };

test.each<[string, string, Bound]>([
  ['', 'The expression can not be empty;', {}],
  ['a', 'Syntax error; token: "<EOF>", near: "a"', {}],
  ['(#a)', 'Syntax error; token: "<EOF>", near: ")"', { names: { '#a': 'a' } }],
  ['a = = :v', 'Syntax error; token: "=", near: "= = :v"', one],
  ['attribute_exists(', 'Syntax error; token: "<EOF>", near: "("', {}],
  ['_a = :v', 'Syntax error; token: "_", near: "_a"', one],
  ['a = :v AND', 'Syntax error; token: "<EOF>", near: "AND"', one],
  ['a = :v)', 'Syntax error; token: ")", near: ":v)"', one],
  ['a ! :v', 'Syntax error; token: "!", near: "a ! :v"', one],
  ['AND = :v', 'Syntax error; token: "AND", near: "AND ="', one],
  ['l[x] = :v', 'Syntax error; token: "x", near: "[x]"', one],
  ['((a = :v))', 'The expression has redundant parentheses;', one],
  ['((a)) = :v', 'The expression has redundant parentheses;', one],
  ['a = ((:v))', 'The expression has redundant parentheses;', one],
  ['nope(a)', 'Invalid function name; function: nope', {}],
  ['ATTRIBUTE_EXISTS(a)', 'Invalid function name; function: ATTRIBUTE_EXISTS', {}],
  ['size(a)', 'The function is not allowed to be used this way in an expression; function: size', {}],
  [
    'begins_with(a, :w) = :v',
    'The function is not allowed to be used this way in an expression; function: begins_with',
    all,
  ],
  ['status = :v', 'Attribute name is a reserved keyword; reserved keyword: status', one],
  ['a.Name = :v', 'Attribute name is a reserved keyword; reserved keyword: Name', one],
  [
    '#a = :v',
    'An expression attribute name used in the document path is not defined; attribute name: #a',
    one,
  ],
  ['a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x', one],
  [
    'begins_with(a)',
    'Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    {},
  ],
  [
    'attribute_exists(:v)',
    'Operator or function requires a document path; operator or function: attribute_exists',
    one,
  ],
  [
    'begins_with(a, :v)',
    'Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    one,
  ],
  [
    'attribute_type(a, b)',
    'Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}',
    {},
  ],
  [
    'attribute_type(a, :w)',
    'Invalid attribute type name found; type: w, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}',
    { values: { ':w': { S: 'w' } } },
  ],
  [
    'contains(a, a)',
    'The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [a]',
    {},
  ],
  [
    'a[0] = a[0]',
    'The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: [a, [0]]',
    {},
  ],
  [
    'a BETWEEN :v AND :w',
    'The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: AttributeValue: {S:w}',
    all,
  ],
  [
    'a BETWEEN :w AND :v',
    'The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    { values: { ':v': { N: '1' }, ':w': { N: '2' } } },
  ],
  [`a = :v${' '.repeat(4096)}`, 'Expression size has exceeded the maximum allowed size;', one],
])('%s is refused: %s', (text, message, bound) => {
  expect(() => read(text, bound)).toThrow(
    expect.objectContaining({
      name: 'ValidationException',
      message: `Invalid ConditionExpression: ${message}`,
    }),
  );
});

test('IN takes a hundred operands, a condition 300 operators', () => {
  const list = Array(101).fill(':v').join(', ');
  expect(() => read(`a IN (${list})`, one)).toThrow('number of operands: 101');
  expect(() => read(Array(151).fill('a=:v').join(' OR '), one)).toThrow('too many operators');
  expect(meets({}, read(`a IN (${Array(100).fill(':v').join(', ')})`, one))).toBe(false);
});

test.each<[Bound, string]>([
  [{ names: {} }, 'ExpressionAttributeNames must not be empty'],
  [{ values: {} }, 'ExpressionAttributeValues must not be empty'],
  [{ names: { a: 'a' } }, 'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"'],
  [{ values: { v: { S: '' } } }, 'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'],
  [
    { values: { ':v': { N: 'x' } } },
    'ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :v',
  ],
  [
    { values: { ':v': { SS: [] } } },
    'ExpressionAttributeValues contains invalid value: One or more parameter values were invalid: An string set  may not be empty for key :v',
  ],
  [
    { names: { '#x': 'x', '#y': 'y' } },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x, #y}',
  ],
  [
    { values: { ':x': { S: '' } } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
  ],
])('parameters %j are refused', (bound, message) => {
  expect(() => read('attribute_exists(a)', bound)).toThrow(
    expect.objectContaining({ name: 'ValidationException', message }),
  );
});

/** A random condition as text, and what it means, told without any of the parser's or evaluator's code. */
interface Modelled {
  text: string;
  holds(a: number, b: number): boolean;
}

const leaf: fc.Arbitrary<Modelled> = fc
  .record({
    attribute: fc.constantFrom('a', 'b'),
    value: fc.nat(3),
    operator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
  })
  .map(({ attribute, value, operator }) => ({
    text: `${attribute} ${operator} :${value}`,
    holds: (a, b) => {
      const actual = attribute === 'a' ? a : b;
      if (operator === '=') return actual === value;
      if (operator === '<>') return actual !== value;
      if (operator === '<') return actual < value;
      if (operator === '<=') return actual <= value;
      return operator === '>' ? actual > value : actual >= value;
    },
  }));

const condition = fc.letrec<{ node: Modelled }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    leaf,
    fc.tuple(tie('node'), tie('node')).map(([x, y]) => ({
      text: `(${x.text}) AND (${y.text})`,
      holds: (a: number, b: number) => x.holds(a, b) && y.holds(a, b),
    })),
    fc.tuple(tie('node'), tie('node')).map(([x, y]) => ({
      text: `(${x.text}) OR (${y.text})`,
      holds: (a: number, b: number) => x.holds(a, b) || y.holds(a, b),
    })),
    tie('node').map((x) => ({ text: `NOT (${x.text})`, holds: (a: number, b: number) => !x.holds(a, b) })),
  ),
})).node;

test('a condition means what a naive model says', () => {
  fc.assert(
    fc.property(condition, fc.nat(3), fc.nat(3), ({ text, holds }, a, b) => {
      const used = Object.fromEntries(
        [0, 1, 2, 3].filter((n) => text.includes(`:${n}`)).map((n) => [`:${n}`, { N: String(n) }]),
      );
      const read_ = read(text, { values: used });
      expect(meets({ a: { N: String(a) }, b: { N: String(b) } }, read_)).toBe(holds(a, b));
    }),
  );
});
