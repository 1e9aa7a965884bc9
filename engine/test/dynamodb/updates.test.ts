import { applyUpdate } from '../../src/services/dynamodb/expressions/apply';
import { readExpressions } from '../../src/services/dynamodb/expressions/parameters';
import type { Item, Value } from '../../src/services/dynamodb/values/value';

function update(
  item: Item,
  text: string,
  values: Record<string, Value> = {},
  names: Record<string, string> = {},
): Item {
  const { update: actions } = readExpressions({
    UpdateExpression: text,
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
  });
  const before = structuredClone(item);
  const after = applyUpdate(item, actions!);
  expect(item).toEqual(before);
  return after;
}

const one = { ':v': { N: '1' } } as Record<string, Value>;
const list = (...texts: string[]): Value => ({ L: texts.map((S) => ({ S })) });

test('SET sets, computes and falls back', () => {
  expect(update({}, 'SET a = :v', one)).toEqual({ a: { N: '1' } });
  expect(update({ a: { N: '2' } }, 'SET a = a + :v, b = a - :v', one)).toEqual({
    a: { N: '3' },
    b: { N: '1' },
  });
  expect(update({}, 'SET a = if_not_exists(a, :v)', one)).toEqual({ a: { N: '1' } });
  expect(update({ a: { S: 'x' } }, 'SET a = if_not_exists(a, :v), b = a', one)).toEqual({
    a: { S: 'x' },
    b: { S: 'x' },
  });
  expect(update({}, 'SET a = if_not_exists(a, :v) + :v', one)).toEqual({ a: { N: '2' } });
  expect(update({}, 'SET a = (:v + :v)', one)).toEqual({ a: { N: '2' } });
});

test('every action sees the item as it was', () => {
  expect(update({ a: { S: 'a' }, b: { S: 'b' } }, 'SET a = b, b = a')).toEqual({
    a: { S: 'b' },
    b: { S: 'a' },
  });
  expect(update({ a: { N: '5' } }, 'SET b = a ADD a :v', one)).toEqual({ a: { N: '6' }, b: { N: '5' } });
});

test('lists grow, shrink and keep their order', () => {
  const item: Item = { l: list('a', 'b', 'c', 'd') };
  expect(update(item, 'REMOVE l[0], l[2]')).toEqual({ l: list('b', 'd') });
  expect(update(item, 'SET l[1] = :v REMOVE l[0]', { ':v': { S: 'x' } })).toEqual({ l: list('x', 'c', 'd') });
  expect(update(item, 'SET l[9] = :y, l[7] = :x', { ':x': { S: 'x' }, ':y': { S: 'y' } })).toEqual({
    l: list('a', 'b', 'c', 'd', 'x', 'y'),
  });
  expect(update(item, 'REMOVE l[9]')).toEqual(item);
  expect(update(item, 'SET l = list_append(:x, l)', { ':x': list('x') })).toEqual({
    l: list('x', 'a', 'b', 'c', 'd'),
  });
  expect(
    update({}, 'SET l = list_append(if_not_exists(l, :none), :x)', { ':none': list(), ':x': list('x') }),
  ).toEqual({
    l: list('x'),
  });
});

test('paths lead into maps and lists', () => {
  const item: Item = { m: { M: { a: { M: { b: { N: '1' } } }, l: { L: [{ M: { x: { N: '1' } } }] } } } };
  expect(update(item, 'SET m.a.c = :v ADD m.a.b :v', one)).toEqual({
    m: { M: { a: { M: { b: { N: '2' }, c: { N: '1' } } }, l: { L: [{ M: { x: { N: '1' } } }] } } },
  });
  expect(update(item, 'REMOVE m.a.b, m.l[0].x')).toEqual({
    m: { M: { a: { M: {} }, l: { L: [{ M: {} }] } } },
  });
  expect(update(item, 'SET m.#d = :v', one, { '#d': 'd.e' })).toMatchObject({
    m: { M: { 'd.e': { N: '1' } } },
  });
});

test('ADD and DELETE work on sets; an empty one goes away', () => {
  const item: Item = { s: { SS: ['a', 'b'] }, n: { NS: ['1'] }, b: { BS: [Uint8Array.of(1)] } };
  expect(update(item, 'ADD s :s', { ':s': { SS: ['b', 'c'] } }).s).toEqual({ SS: ['a', 'b', 'c'] });
  expect(update(item, 'ADD x :s', { ':s': { SS: ['b'] } }).x).toEqual({ SS: ['b'] });
  expect(update(item, 'DELETE s :s', { ':s': { SS: ['b', 'x'] } }).s).toEqual({ SS: ['a'] });
  expect(update(item, 'DELETE n :n', { ':n': { NS: ['1.0'] } })).not.toHaveProperty('n');
  expect(update(item, 'DELETE b :b', { ':b': { BS: [Uint8Array.of(1)] } })).not.toHaveProperty('b');
  expect(update(item, 'DELETE x :s', { ':s': { SS: ['b'] } })).toEqual(item);
});

const INVALID_PATH = 'The document path provided in the update expression is invalid for update';
const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';

test.each<[Item, string, Record<string, Value>, string]>([
  [{}, 'SET a.b = :v', one, INVALID_PATH],
  [{ a: { S: 'x' } }, 'SET a.b = :v', one, INVALID_PATH],
  [{ a: { M: {} } }, 'SET a[0] = :v', one, INVALID_PATH],
  [{}, 'REMOVE a.b', {}, INVALID_PATH],
  [{}, 'SET a = b', {}, 'The provided expression refers to an attribute that does not exist in the item'],
  [{ a: { S: 'x' } }, 'SET a = a + :v', one, WRONG_TYPE],
  [{ a: { S: 'x' } }, 'ADD a :v', one, WRONG_TYPE],
  [{ a: { NS: ['1'] } }, 'ADD a :v', { ':v': { SS: ['x'] } }, WRONG_TYPE],
  [{ a: { S: 'x' } }, 'SET a = list_append(a, :v)', { ':v': { L: [] } }, WRONG_TYPE],
  [
    { a: { N: '9.9E125' } },
    'ADD a :v',
    { ':v': { N: '9.9E125' } },
    'Number overflow. Attempting to store a number with magnitude larger than supported range',
  ],
])('on %j, %s is refused', (item, text, values, message) => {
  expect(() => update(item, text, values)).toThrow(expect.objectContaining({ message }));
});

test.each<[string, string, Record<string, Value>]>([
  ['', 'The expression can not be empty;', {}],
  ['INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"', {}],
  ['SET', 'Syntax error; token: "<EOF>", near: "SET"', {}],
  ['SET _123 = :v', 'Syntax error; token: "_", near: "SET _123"', one],
  ['SET a = :v,', 'Syntax error; token: "<EOF>", near: ","', one],
  ['SET a = :v +', 'Syntax error; token: "<EOF>", near: "+"', one],
  ['ADD a b', 'Syntax error; token: "b", near: "a b"', {}],
  ['SET a = :v SET b = :v', 'The "SET" section can only be used once in an update expression;', one],
  ['SET status = :v', 'Attribute name is a reserved keyword; reserved keyword: status', one],
  ['SET a = nope(b)', 'Invalid function name; function: nope', {}],
  ['SET a = size(b)', 'Invalid function name; function: size', {}],
  [
    'SET #a = :v',
    'An expression attribute name used in the document path is not defined; attribute name: #a',
    one,
  ],
  ['SET a = :x', 'An expression attribute value used in expression is not defined; attribute value: :x', one],
  [
    'SET a = :v, a.b = :v',
    'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
    one,
  ],
  [
    'SET a.b = :v REMOVE a',
    'Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a]',
    one,
  ],
  [
    'SET a.b = :v REMOVE a[0]',
    'Two document paths conflict with each other; must remove or rewrite one of these paths; path one: [a, b], path two: [a, [0]]',
    one,
  ],
  [
    'ADD a :v',
    'Incorrect operand type for operator or function; operator: ADD, operand type: STRING',
    { ':v': { S: 'x' } },
  ],
  [
    'DELETE a :v',
    'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER',
    one,
  ],
  [
    'SET a = list_append(a, :v)',
    'Incorrect operand type for operator or function; operator or function: list_append, operand type: N',
    one,
  ],
  [
    'SET a = a + :v',
    'Incorrect operand type for operator or function; operator or function: +, operand type: S',
    { ':v': { S: 'x' } },
  ],
  [
    'SET a = if_not_exists(:v, :v)',
    'Operator or function requires a document path; operator or function: if_not_exists',
    one,
  ],
  [
    'SET a = if_not_exists(a)',
    'Incorrect number of operands for operator or function; operator or function: if_not_exists, number of operands: 1',
    {},
  ],
])('%s is refused: %s', (text, message, values) => {
  expect(() => update({}, text, values)).toThrow(
    expect.objectContaining({ name: 'ValidationException', message: `Invalid UpdateExpression: ${message}` }),
  );
});
