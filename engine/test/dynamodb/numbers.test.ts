import fc from 'fast-check';
import {
  addNumbers,
  compareNumbers,
  encodeNumber,
  normalizeNumber,
  numberSize,
  subtractNumbers,
} from '../../src/services/dynamodb/values/number';

/** Any number DynamoDB takes, written in any way it may be written. */
const numbers = fc
  .record({
    negative: fc.boolean(),
    digits: fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }),
    scale: fc.integer({ min: -60, max: 60 }),
    zeros: fc.integer({ min: 0, max: 2 }),
  })
  .map(
    ({ negative, digits, scale, zeros }) => `${negative ? '-' : ''}${'0'.repeat(zeros)}${digits}E${scale}`,
  );

test.each([
  ['0', '0'],
  ['-0.000', '0'],
  ['00042', '42'],
  ['1.50', '1.5'],
  ['+.5', '0.5'],
  ['5.', '5'],
  ['1.5E2', '150'],
  ['1e-3', '0.001'],
  ['1E125', `1${'0'.repeat(125)}`],
  ['-9.9999999999999999999999999999999999999E+125', `-${'9'.repeat(38)}${'0'.repeat(88)}`],
  ['1E-130', `0.${'0'.repeat(129)}1`],
  ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
])('%s is kept as %s', (written, kept) => {
  expect(normalizeNumber(written)).toBe(kept);
});

test.each([
  ['', 'The parameter cannot be converted to a numeric value'],
  ['abc', 'The parameter cannot be converted to a numeric value: abc'],
  ['1 ', 'The parameter cannot be converted to a numeric value: 1 '],
  ['.', 'The parameter cannot be converted to a numeric value: .'],
  ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
  ['1E126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
  ['1E-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
  [`1${'2'.repeat(38)}`, 'Attempting to store more than 38 significant digits in a Number'],
])('%j is refused', (written, message) => {
  expect(() => normalizeNumber(written)).toThrow(message);
});

test.each([
  ['0', 1],
  ['7', 2],
  ['123456', 4],
  ['-123456', 5],
  ['3.14159', 5],
  ['100', 2],
  ['1E125', 2],
])('%s counts %i bytes', (written, bytes) => {
  expect(numberSize(written)).toBe(bytes);
});

test.each([
  ['0.1', '0.2', '0.3'],
  ['99999999999999999999999999999999999999', '-99999999999999999999999999999999999998', '1'],
  ['1E-130', '-1E-130', '0'],
  ['999999999999999', '1', '1000000000000000'],
])('%s + %s = %s', (a, b, sum) => {
  expect(addNumbers(a, b)).toBe(sum);
});

test('a sum beyond 38 digits or beyond the range is refused', () => {
  expect(() => addNumbers('1E40', '1')).toThrow('more than 38 significant digits');
  expect(() => addNumbers('9.9E125', '9.9E125')).toThrow('Number overflow');
});

test('the order of the bytes is the order of the numbers', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const order = Math.sign(Buffer.compare(encodeNumber(a), encodeNumber(b)));
      expect(order).toBe(Math.sign(compareNumbers(normalizeNumber(a), normalizeNumber(b))));
    }),
    { numRuns: 2000 },
  );
});

test('comparison agrees with exact integers', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
      (a, b) => {
        expect(Math.sign(compareNumbers(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(addNumbers(String(a), String(b))).toBe(String(a + b));
        expect(subtractNumbers(String(a), String(b))).toBe(String(a - b));
      },
    ),
  );
});

test('the normal form is stable, and means the same', () => {
  fc.assert(
    fc.property(numbers, (written) => {
      const normal = normalizeNumber(written);
      expect(normalizeNumber(normal)).toBe(normal);
      expect(compareNumbers(written, normal)).toBe(0);
      expect(Number(normal)).toBe(Number(written) + 0);
    }),
  );
});
