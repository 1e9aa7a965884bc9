import fc from 'fast-check';
import { arnPieces, compile, compileArn, compileText, piecesOf } from '../../src/identity/policies/pattern';

const matches = (pattern: string, text: string) => compileText(pattern).matches(text);
const resource = (pattern: string, text: string) => compile(arnPieces(piecesOf(pattern))).matches(text);
const arnLike = (pattern: string, text: string) => compileArn(piecesOf(pattern)).matches(text);

test.each([
  ['*', ''],
  ['*', 'anything'],
  ['a*', 'a'],
  ['a*c', 'abc'],
  ['a*c', 'ac'],
  ['a?c', 'abc'],
  ['*b*', 'abc'],
  ['ab*ba', 'abba'],
  ['a*b*a', 'abba'],
  ['', ''],
])('%s fits %s', (pattern, text) => {
  expect(matches(pattern, text)).toBe(true);
});

test.each([
  ['a', 'b'],
  ['a*', 'ba'],
  ['ab*ba', 'aba'],
  ['a?c', 'ac'],
  ['?', ''],
  ['', 'a'],
  ['*b', 'abc'],
])('%s does not fit %s', (pattern, text) => {
  expect(matches(pattern, text)).toBe(false);
});

const REGEX = new Map([
  ['*', '.*'],
  ['?', '.'],
  ['.', '\\.'],
]);

test('agrees with a regular expression on anything', () => {
  const symbols = fc.array(fc.constantFrom('a', 'b', '*', '?', '.'), { maxLength: 8 });
  const texts = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 10 });
  fc.assert(
    fc.property(symbols, texts, (pattern, text) => {
      const regex = pattern.map((char) => REGEX.get(char) ?? char).join('');
      expect(matches(pattern.join(''), text.join(''))).toBe(
        new RegExp(`^${regex}$`, 's').test(text.join('')),
      );
    }),
    { numRuns: 2000 },
  );
});

describe('many wildcards', () => {
  /** A text that tells how often it was looked at. */
  function counting(text: string) {
    const asked = { times: 0 };
    const counted = new Proxy(new String(text), {
      get(target, name) {
        asked.times++;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return { asked, text: counted as unknown as string };
  }

  function looksAt(pattern: string, length: number): number {
    const { asked, text } = counting(`arn:aws:s3:::${'a'.repeat(length)}`);
    expect(resource(pattern, text)).toBe(false);
    return asked.times;
  }

  // A regular expression of these would not come back at all.
  test.each([
    `${'*a'.repeat(30)}b`,
    `arn:a*s:s3:::${'a*?'.repeat(20)}b`,
    `arn:aws:s3:::${'?*a'.repeat(30)}b`,
    `${'*?'.repeat(40)}b`,
    `arn:aws:s3:::${'*'.repeat(500)}b`,
  ])('of %s cost twice as much for a text twice as long', (pattern) => {
    const [once, twice] = [looksAt(pattern, 1000), looksAt(pattern, 2000)];
    expect(twice).toBeLessThan(2.2 * once + 100);
    // As many steps as the text is long times the pattern's pieces, and a few looks at each.
    expect(once).toBeLessThan(4 * 1013 * pattern.length);
  });
});

describe('resources', () => {
  test.each([
    ['arn:aws:s3:::bucket/*', 'arn:aws:s3:::bucket/a/b:c'],
    ['arn:aws:s3*', 'arn:aws:s3:::bucket'],
    ['arn:*:s3:::bucket', 'arn:aws:s3:::bucket'],
    ['arn:aws:dynamodb:*:*:table/T', 'arn:aws:dynamodb:eu-west-1:123456789012:table/T'],
    [
      'arn:aws:logs:eu-*-1:1:log-group:/aws/*:*',
      'arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/f:log-stream:x',
    ],
  ])('%s is %s', (pattern, text) => {
    expect(resource(pattern, text)).toBe(true);
  });

  test.each([
    // A wildcard within a segment stays in it.
    ['arn:aws:dyn*b:eu-west-1:1:table/T', 'arn:aws:dynamodb:x:b:eu-west-1:1:table/T'],
    ['arn:aws:s3:::bucket', 'arn:aws:s3:::bucket/key'],
    ['arn:aws:s3:::Bucket/*', 'arn:aws:s3:::bucket/key'],
  ])('%s is not %s', (pattern, text) => {
    expect(resource(pattern, text)).toBe(false);
  });
});

test('ArnLike compares segment by segment', () => {
  expect(arnLike('arn:aws:iam::*:role/R*', 'arn:aws:iam::123456789012:role/Rx')).toBe(true);
  expect(arnLike('arn:aws:*', 'arn:aws:iam::123456789012:role/R')).toBe(false);
  expect(arnLike('arn:aws:sns:*:1:*', 'arn:aws:sns:eu-west-1:1:a:b')).toBe(true);
  expect(arnLike('arn:aws:sns:*:1:a', 'arn:aws:sns:eu-west-1:2:a')).toBe(false);
});
