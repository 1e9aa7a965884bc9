import fc from 'fast-check';
import { Buckets } from '../../src/execute-api/limits/buckets';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html */
const limit = (rate: number, burst: number, name = 'a') => ({ name, rate, burst });

test('a burst is spent at once, then tokens come at the rate', () => {
  const buckets = new Buckets();
  const taken = (millis: number) => buckets.take([limit(2, 3)], millis) === undefined;
  expect([0, 0, 0, 0].map(taken)).toEqual([true, true, true, false]);
  expect([400, 499, 500, 501, 1000, 1001].map(taken)).toEqual([false, false, true, false, true, false]);
  expect([60_000, 60_000, 60_000, 60_000].map(taken)).toEqual([true, true, true, false]);
});

test('a request that one limit refuses takes no token of the others', () => {
  const buckets = new Buckets();
  const both = [limit(1, 5, 'wide'), limit(1, 1, 'narrow')];
  expect(buckets.take(both, 0)).toBeUndefined();
  expect(buckets.take(both, 0)?.name).toBe('narrow');
  expect(buckets.take(both, 0)?.name).toBe('narrow');
  const wide = [0, 0, 0, 0, 0].map((millis) => buckets.take([limit(1, 5, 'wide')], millis) === undefined);
  expect(wide).toEqual([true, true, true, true, false]);
});

test('never more than the burst and what came since', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 50 }),
      fc.double({ min: 0, max: 200, noNaN: true }),
      fc.array(fc.nat({ max: 300 }), { maxLength: 200 }),
      (burst, rate, waits) => {
        const buckets = new Buckets();
        let millis = 0;
        let allowed = 0;
        for (const wait of waits) {
          millis += wait;
          if (!buckets.take([limit(rate, burst)], millis)) allowed += 1;
          expect(allowed).toBeLessThanOrEqual(burst + (millis * rate) / 1000 + 1e-6);
        }
      },
    ),
  );
});

test('many clients leave no buckets behind', () => {
  const buckets = new Buckets();
  let refused = 0;
  for (let client = 0; client < 30_000; client += 1) {
    if (buckets.take([limit(1, 1, `client ${client}`)], client * 100)) refused += 1;
  }
  expect(refused).toBe(0);
  // What is still remembered is still in force.
  expect(buckets.take([limit(1, 1, 'client 29999')], 2_999_900)?.name).toBe('client 29999');
});
