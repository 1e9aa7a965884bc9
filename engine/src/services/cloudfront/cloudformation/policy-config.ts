/** Lists that templates wrap in `Items` already, without saying how many there are. */
const BOOLEANS =
  /^(Enable|Override$|OriginOverride$|AccessControlAllowCredentials$|Protection$|ModeBlock$|IncludeSubdomains$|Preload$|Enabled$)/;
const NUMBERS = /(TTL|Sec|SamplingRate)$/;

/**
 * A policy's configuration as the API takes it: plain lists and lists in `Items` become counted ones, and text that
 * stands for a number or a boolean becomes one.
 */
export function countLists<C>(config: object): C {
  return convert(config) as C;
}

function convert(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return { Quantity: value.length, Items: value.map((one) => convert(one)) };
  if (typeof value === 'object' && value !== null) {
    const items = (value as { Items?: unknown }).Items;
    if (Array.isArray(items)) return { Quantity: items.length, Items: items.map((one) => convert(one)) };
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, convert(inner, name)]));
  }
  if (typeof value === 'string' && BOOLEANS.test(key) && /^(true|false)$/.test(value))
    return value === 'true';
  if (typeof value === 'string' && NUMBERS.test(key) && value !== '') return Number(value);
  return value;
}
