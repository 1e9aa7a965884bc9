import fc from 'fast-check';
import { AddressRanges, parseCidr } from '../../src/edge/waf/addresses';
import { readJson } from '../../src/edge/waf/json-body';
import { bytesOf, linearPattern } from '../../src/edge/waf/linear-pattern';
import { RateCounters } from '../../src/edge/waf/rate-counters';

describe('addresses', () => {
  const toNumber = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

  test('are in a range where the bits of its prefix are theirs', () => {
    const prefix = fc.integer({ min: 1, max: 32 });
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), prefix, (a, b, length) => {
        const shift = 2 ** (32 - length);
        const same = Math.floor(toNumber(a) / shift) === Math.floor(toNumber(b) / shift);
        expect(new AddressRanges([`${a}/${length}`]).has(b)).toBe(same);
        expect(new AddressRanges([`${a}/${length}`]).has(a)).toBe(true);
      }),
    );
  });

  test('of the longer kind are themselves however they are written', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const ranges = new AddressRanges(['10.0.0.0/8', `${address}/128`]);
        expect(ranges.has(address)).toBe(true);
        expect(ranges.has(address.toUpperCase())).toBe(true);
        expect(ranges.has(new URL(`http://[${address}]/`).hostname.slice(1, -1))).toBe(true);
      }),
    );
    expect(new AddressRanges(['2001:db8::/32']).has('2001:db8:1::1')).toBe(true);
    expect(new AddressRanges(['2001:db8::/32']).has('2001:db9::1')).toBe(false);
  });

  test.each([
    '10.0.0.0',
    '10.0.0.0/0',
    '10.0.0.0/33',
    '10.0.0/8',
    '::/0',
    '::1/129',
    'fe80::1%1/64',
    '',
    'a/8',
  ])('%j is no range', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });
});

describe('JSON', () => {
  /** What JSON.parse sees, in its order. */
  function* elements(value: unknown, pointer = ''): Generator<[string, string, string]> {
    if (Array.isArray(value)) for (const [i, one] of value.entries()) yield* elements(one, `${pointer}/${i}`);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, one] of Object.entries(value)) {
        const below = `${pointer}/${bytesOf(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
        yield ['KEY', below, bytesOf(key)];
        yield* elements(one, below);
      }
    } else yield ['VALUE', pointer, typeof value === 'string' ? bytesOf(value) : JSON.stringify(value)];
  }

  test('gives all of its keys and values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        const read = readJson(bytesOf(text));
        expect(read.valid).toBe(true);
        expect(read.elements.map(({ kind, pointer, text: found }) => [kind, pointer, found])).toEqual([
          ...elements(JSON.parse(text)),
        ]);
      }),
    );
  });

  test('is valid where JSON.parse takes it, and never throws', () => {
    const parses = (text: string) => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '01', 'true', 'nul', ' '),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join('');
        expect(readJson(text).valid).toBe(parses(text));
      }),
    );
    expect(readJson('['.repeat(100_000)).valid).toBe(false);
  });

  test('is read up to where it ends to be JSON', () => {
    expect(readJson('{"a":"b","c":tru').elements.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });
});

describe('patterns', () => {
  test('find what JavaScript finds', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '[^a]', '.', '\\d', '\\w', '(?:a|b1)', '(ab)', '1');
    const repeated = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{0,2}', '*?'))
      .map((parts) => parts.join(''));
    const branch = fc.array(repeated, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const pattern = fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(branch, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('', '$'),
      )
      .map(([begin, branches, end]) => `${begin}(${branches.join('|')})${end}`);
    const text = fc
      .array(fc.constantFrom('a', 'b', '1', '2', '-'), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pattern, text, (source, given) => {
        expect(linearPattern(source)?.test(given)).toBe(new RegExp(source).test(given));
      }),
      { numRuns: 300 },
    );
  });

  /** https://docs.aws.amazon.com/waf/latest/developerguide/waf-regex-pattern-support.html */
  test.each([
    '(a)\\1',
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(?>a)',
    'a++',
    'a\\Kb',
    '\\R',
    '\\C',
    '(?1)',
    '(',
    '[z-a]',
    '*a',
  ])('%s is refused', (source) => {
    expect(linearPattern(source)).toBeUndefined();
  });

  test('take no longer than their text, however they are written', () => {
    const text = 'a'.repeat(64 * 1024);
    for (const source of ['^(a+)+$', '(a|aa)+$', '^(a|a?)+$', '(.*)(.*)(.*)[^a]', '(a|b)*a(a|b){99}c']) {
      expect(linearPattern(source)?.test(`${text}!`)).toBe(source === '(.*)(.*)(.*)[^a]');
    }
  });

  test('are about bytes', () => {
    expect(linearPattern('^ä$')?.test(bytesOf('ä'))).toBe(true);
    expect(linearPattern('^..$')?.test(bytesOf('ä'))).toBe(true);
    expect(linearPattern('\\xff')?.test('\xff')).toBe(true);
  });
});

test('requests are counted within a sliding window', () => {
  const arrivals = fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 40 }), key: fc.constantFrom('a', 'b') }),
  );
  fc.assert(
    fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (requests, limit) => {
      const counters = new RateCounters(limit, 60);
      const seen: { at: number; key: string }[] = [];
      let at = 1_000_000;
      for (const { after, key } of requests) {
        at += after;
        seen.push({ at, key });
        const within = seen.filter((one) => one.key === key && one.at > at - 60).length;
        expect(counters.count(key, at * 1000)).toBe(within > limit);
      }
    }),
  );
});
