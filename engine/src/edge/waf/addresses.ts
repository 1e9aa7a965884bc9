import { isIPv4, isIPv6 } from 'node:net';

/** An address as a number, with the bits that it has. */
interface Address {
  bits: 32 | 128;
  value: bigint;
}

export function parseAddress(text: string): Address | undefined {
  if (isIPv4(text)) return { bits: 32, value: BigInt(ofIPv4(text)) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  return { bits: 128, value: ofIPv6(text) };
}

const ofIPv4 = (text: string): number => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function ofIPv6(text: string): bigint {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const four = dotted ? ofIPv4(dotted[2]!) : 0;
  const hex = dotted ? `${dotted[1]}${(four >>> 16).toString(16)}:${(four & 0xffff).toString(16)}` : text;
  const [head = '', tail] = hex.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

export interface Cidr extends Address {
  prefix: number;
}

/** AWS WAF takes every range but `/0`. https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html */
export function parseCidr(text: string): Cidr | undefined {
  const [, name = '', length] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const address = parseAddress(name);
  const prefix = Number(length);
  return address && prefix >= 1 && prefix <= address.bits ? { ...address, prefix } : undefined;
}

/** Ranges of addresses: a question costs as much as they have different lengths, however many they are. */
export class AddressRanges {
  /** By bits and prefix: what of the addresses in them is fixed. */
  readonly #fixed = new Map<string, { bits: number; shift: bigint; values: Set<bigint> }>();

  constructor(cidrs: readonly string[]) {
    for (const cidr of cidrs.map(parseCidr)) {
      if (!cidr) continue;
      const key = `${cidr.bits}/${cidr.prefix}`;
      const shift = BigInt(cidr.bits - cidr.prefix);
      const known = this.#fixed.get(key) ?? { bits: cidr.bits, shift, values: new Set() };
      known.values.add(cidr.value >> shift);
      this.#fixed.set(key, known);
    }
  }

  has(address: string): boolean {
    const parsed = parseAddress(address);
    if (!parsed) return false;
    for (const { bits, shift, values } of this.#fixed.values()) {
      if (bits === parsed.bits && values.has(parsed.value >> shift)) return true;
    }
    return false;
  }
}
