import fc from 'fast-check';
import {
  behind,
  partitionKey,
  segmentBounds,
  sortKey,
  sortKeyStart,
  suffix,
} from '../../src/services/dynamodb/keys';

const bytes = fc.uint8Array({ maxLength: 40 });
const strings = fc.string({ unit: 'binary', maxLength: 20 });

test('strings sort by their UTF-8, binaries by their bytes', () => {
  fc.assert(
    fc.property(strings, strings, (a, b) => {
      const order = Math.sign(Buffer.compare(sortKey({ S: a }), sortKey({ S: b })));
      expect(order).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
    }),
  );
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      const order = Math.sign(Buffer.compare(sortKey({ B: a }), sortKey({ B: b })));
      expect(order).toBe(Math.sign(Buffer.compare(a, b)));
    }),
  );
});

test('what follows a sort key never changes its order', () => {
  fc.assert(
    fc.property(bytes, bytes, bytes, bytes, (a, b, x, y) => {
      fc.pre(Buffer.compare(a, b) !== 0);
      const order = Buffer.compare(
        Buffer.concat([sortKey({ B: a }), suffix(Buffer.from(x))]),
        Buffer.concat([sortKey({ B: b }), suffix(Buffer.from(y))]),
      );
      expect(Math.sign(order)).toBe(Math.sign(Buffer.compare(a, b)));
    }),
  );
});

test('a range of what begins with a prefix holds exactly that', () => {
  fc.assert(
    fc.property(bytes, bytes, (prefix, value) => {
      const start = sortKeyStart({ B: prefix });
      const end = behind(start);
      const key = sortKey({ B: value });
      const within = key.compare(start) >= 0 && (!end || key.compare(end) < 0);
      const begins = Buffer.from(value).subarray(0, prefix.length).equals(Buffer.from(prefix));
      // Nothing at all comes before everything, so it bounds nothing.
      if (prefix.length > 0) expect(within).toBe(begins);
    }),
  );
});

test('partitions are told apart, and none is the beginning of another', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      fc.pre(Buffer.compare(a, b) !== 0);
      const one = partitionKey({ B: a });
      const two = partitionKey({ B: b });
      expect(one.subarray(0, two.length).equals(two)).toBe(false);
    }),
  );
});

test('the longest keys fit the store', () => {
  const partition = partitionKey({ S: 'x'.repeat(2048) });
  const table = Buffer.concat([partition, sortKey({ B: new Uint8Array(1024) })]);
  const entry = Buffer.concat([partition, sortKey({ B: new Uint8Array(1024) }), suffix(table)]);
  expect(entry.length).toBeLessThan(3700);
});

test('segments cover a table without gap or overlap', () => {
  for (const total of [1, 2, 3, 7, 1000]) {
    let end: Buffer | undefined = Buffer.alloc(4);
    for (let segment = 0; segment < total; segment++) {
      const bounds = segmentBounds(segment, total);
      expect(bounds.gte).toEqual(end);
      end = bounds.lt;
    }
    expect(end).toBeUndefined();
  }
});
