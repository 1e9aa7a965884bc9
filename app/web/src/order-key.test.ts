import { orderKeys } from './order-key';

const order = { showId: 'hamlet', seats: 1, buyer: { name: 'Ada', email: 'ada@example.com' } };

test('keeps its key for the same order and takes a new one for another', () => {
  let n = 0;
  const keyOf = orderKeys(() => `key-${++n}`);
  expect([keyOf(order), keyOf({ ...order }), keyOf({ ...order, seats: 2 })]).toEqual([
    'key-1',
    'key-1',
    'key-2',
  ]);
});

test('makes keys that the API takes', () => {
  expect(orderKeys()(order)).toMatch(/^[0-9a-f]{32}$/);
});
