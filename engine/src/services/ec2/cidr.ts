/** A block of IPv4 addresses: its first address as a number, and the length of its prefix. */
export interface Cidr {
  base: number;
  bits: number;
}

/** Takes `10.0.0.0/16` apart; undefined where it is none. Bits behind the prefix are kept: see `canonical`. */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, bits] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (a > 255 || b > 255 || c > 255 || d > 255 || bits > 32) return undefined;
  return { base: ((a * 256 + b) * 256 + c) * 256 + d, bits };
}

/** How many addresses the block has. */
export function sizeOf(cidr: Cidr): number {
  return 2 ** (32 - cidr.bits);
}

/** The block with the bits behind its prefix cleared: `100.68.0.18/18` is `100.68.0.0/18`. */
export function canonical(cidr: Cidr): Cidr {
  return { base: cidr.base - (cidr.base % sizeOf(cidr)), bits: cidr.bits };
}

export function overlap(a: Cidr, b: Cidr): boolean {
  return a.base < b.base + sizeOf(b) && b.base < a.base + sizeOf(a);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + sizeOf(inner) <= outer.base + sizeOf(outer);
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function formatCidr(cidr: Cidr): string {
  return `${formatAddress(cidr.base)}/${cidr.bits}`;
}

export function parseAddress(text: string): number | undefined {
  return parseCidr(`${text}/32`)?.base;
}

/** An IPv6 block in the shape AWS gives back; only its form is checked. */
export function isCidr6(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  if (address === undefined || bits === undefined || rest.length > 0) return false;
  if (!/^\d{1,3}$/.test(bits) || Number(bits) > 128) return false;
  const groups = address.split(':');
  const compressed = address.includes('::');
  if (address.split('::').length > 2 || groups.length > 8 || (!compressed && groups.length !== 8))
    return false;
  return groups.every((group) => /^[0-9a-fA-F]{0,4}$/.test(group)) && address.length >= 2;
}
