import { refuse } from './refusal';

const MALFORMED = 'Template error: Fn::Cidr: ';

function toNumber(address: string, v6: boolean): bigint {
  if (!v6) return address.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
}

function toText(value: bigint, v6: boolean): string {
  if (!v6) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n].map((shift) =>
    ((value >> shift) & 0xffffn).toString(16),
  );
  // The longest run of zeros, if longer than one, is written `::`.
  const runs = groups.join(':').match(/\b0(?::0)+\b/g) ?? [];
  const longest = runs.sort((a, b) => b.length - a.length)[0];
  return longest
    ? groups
        .join(':')
        .replace(longest, ':')
        .replace(/^:(?!:)|:{3,}/, '::')
        .replace(/(?<!:):$/, '::')
    : groups.join(':');
}

/** `count` blocks of `bits` host bits each, from the start of `block`. */
export function cidrBlocks(block: string, count: number, bits: number | undefined): string[] {
  const match = /^([0-9a-fA-F.:]+)\/(\d+)$/.exec(block);
  const v6 = block.includes(':');
  const width = v6 ? 128 : 32;
  const prefix = Number(match?.[2]);
  if (!match?.[1] || prefix > width) throw refuse(`${MALFORMED}${block} is not a valid CIDR block`);
  const host = bits ?? (v6 ? 64 : 8);
  if (!(count >= 1 && count <= 256)) throw refuse(`${MALFORMED}the count must be between 1 and 256`);
  if (!(host >= 1 && host <= width - prefix) || BigInt(count) > 1n << BigInt(width - prefix - host)) {
    throw refuse(`${MALFORMED}${block} cannot be split into ${count} blocks of ${host} bits`);
  }
  const step = 1n << BigInt(host);
  const start = (toNumber(match[1], v6) >> BigInt(width - prefix)) << BigInt(width - prefix);
  return Array.from({ length: count }, (_, n) => `${toText(start + step * BigInt(n), v6)}/${width - host}`);
}
