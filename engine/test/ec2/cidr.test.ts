import fc from 'fast-check';
import {
  type Cidr,
  canonical,
  contains,
  formatCidr,
  overlap,
  parseCidr,
  sizeOf,
} from '../../src/services/ec2/cidr';

const block = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 }))
  .map(([base, bits]): Cidr => canonical({ base, bits }));

test('a block survives being written and read', () => {
  fc.assert(
    fc.property(block, (cidr) => {
      expect(parseCidr(formatCidr(cidr))).toEqual(cidr);
    }),
  );
});

test('two blocks overlap exactly when one contains the other', () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      expect(overlap(a, b)).toBe(contains(a, b) || contains(b, a));
      expect(overlap(a, b)).toBe(overlap(b, a));
    }),
  );
});

test('the two halves of a block are in it and do not overlap', () => {
  fc.assert(
    fc.property(
      block.filter(({ bits }) => bits < 32),
      (cidr) => {
        const low = { base: cidr.base, bits: cidr.bits + 1 };
        const high = { base: cidr.base + sizeOf(low), bits: cidr.bits + 1 };
        expect(contains(cidr, low) && contains(cidr, high)).toBe(true);
        expect(overlap(low, high)).toBe(false);
      },
    ),
  );
});

test.each(['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0/16', 'x', '10.0.0.0/-1', ''])(
  '%s is no block',
  (text) => {
    expect(parseCidr(text)).toBeUndefined();
  },
);
