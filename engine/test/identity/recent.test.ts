import fc from 'fast-check';
import { Recent } from '../../src/identity/recent';

test('the last ones are there, and there are never more than twice as many', () => {
  const step = fc.record({ key: fc.nat(30).map(String), drop: fc.boolean() });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (least, steps) => {
      const recent = new Recent<number>(least);
      const model = new Map<string, number>();
      for (const [at, { drop, key }] of steps.entries()) {
        if (drop && at % 5 === 0) {
          recent.delete(key);
          model.delete(key);
          expect(recent.get(key)).toBeUndefined();
          continue;
        }
        const known = recent.get(key);
        // What is there is what was put there.
        if (known !== undefined) expect(known).toBe(model.get(key));
        const value = known ?? at;
        if (known === undefined) recent.set(key, value);
        model.delete(key);
        model.set(key, value);
        expect(recent.size).toBeLessThanOrEqual(2 * least);
        const last = [...model].slice(-least);
        // Looking them up in this order leaves their order as it is.
        for (const [one, expected] of last) expect(recent.get(one)).toBe(expected);
      }
    }),
  );
});
