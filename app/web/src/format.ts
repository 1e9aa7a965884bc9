const day = new Intl.DateTimeFormat('en', { weekday: 'short', day: 'numeric', month: 'long' });
const time = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

export function when(startsAt: string): string {
  const date = new Date(startsAt);
  return `${day.format(date)}, ${time.format(date)}`;
}

export function price(cents: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
