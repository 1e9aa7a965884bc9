import fc from 'fast-check';
import type { ApiResponse } from '../exchange';
import { HeaderList } from '../headers';
import { ResponseCache } from './responses';

const response = (bytes: number): ApiResponse => ({
  status: 200,
  headers: new HeaderList(),
  body: Buffer.alloc(bytes),
});

test('what was not asked for longest goes first, and never more is kept than fits', () => {
  const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const action = fc.oneof(
    fc.record({ kind: fc.constant('get' as const), key }),
    fc.record({ kind: fc.constant('put' as const), key, bytes: fc.integer({ min: 0, max: 2000 }) }),
  );
  fc.assert(
    fc.property(fc.array(action), (actions) => {
      const capacity = 4000;
      const cache = new ResponseCache(capacity);
      // Least recently used first.
      let model: { key: string; response: ApiResponse; bytes: number }[] = [];
      for (const one of actions) {
        const known = model.find((entry) => entry.key === one.key);
        model = model.filter((entry) => entry !== known);
        if (one.kind === 'get') {
          expect(cache.get(one.key, 0)).toBe(known?.response);
          if (known) model.push(known);
        } else {
          const put = response(one.bytes);
          cache.put(one.key, put, 1, cache.ask());
          model.push({ key: one.key, response: put, bytes: one.bytes + 256 + 2 });
          while (model.reduce((sum, { bytes }) => sum + bytes, 0) > capacity) model.shift();
        }
        expect(cache.size).toBe(model.length);
        expect(cache.bytes).toBe(model.reduce((sum, { bytes }) => sum + bytes, 0));
        expect(cache.bytes).toBeLessThanOrEqual(capacity);
      }
    }),
  );
});

test('a response is not replaced by one that was asked for earlier', () => {
  const cache = new ResponseCache(10_000);
  const [slow, quick] = [cache.ask(), cache.ask()];
  const newer = response(2);
  cache.put('key', newer, 10, quick);
  cache.put('key', response(1), 10, slow);
  expect(cache.get('key', 0)).toBe(newer);
  expect(cache.get('key', 10)).toBeUndefined();
  expect(cache.bytes).toBe(0);
});
