import type { Order } from './api';

/** Random enough to name one purchase; randomUUID is missing on plain http, which phones in a local network use. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** The same key as long as the same thing is ordered: pressing the button again cannot buy twice. */
export function orderKeys(make: () => string = randomKey): (order: Order) => string {
  let last = { text: '', key: '' };
  return (order) => {
    const text = JSON.stringify(order);
    if (text !== last.text) last = { text, key: make() };
    return last.key;
  };
}
