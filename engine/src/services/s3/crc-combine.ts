import type { Algorithm } from './checksums';

/**
 * The CRC of parts put together, out of the parts' CRCs and lengths: a FULL_OBJECT checksum of a multipart
 * upload then needs no byte to be read again. In a reflected CRC, shifting over n zero bytes is multiplying by
 * x^(8n) modulo the polynomial.
 */
const FIELDS = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: 0x82f63b78n },
  CRC64NVME: { bits: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
} as const;

type Combinable = keyof typeof FIELDS;

export function isCombinable(algorithm: Algorithm): algorithm is Combinable {
  return Object.hasOwn(FIELDS, algorithm);
}

export function combineCrcs(algorithm: Combinable, parts: { value: string; size: number }[]): string {
  const { bits, polynomial } = FIELDS[algorithm];
  const one = 1n << (bits - 1n);
  const multiply = (a: bigint, b: bigint): bigint => {
    let [left, right, product] = [a, b, 0n];
    for (let bit = one; bit > 0n && right > 0n; bit >>= 1n) {
      if (right & bit) {
        product ^= left;
        right ^= bit;
      }
      left = left & 1n ? (left >> 1n) ^ polynomial : left >> 1n;
    }
    return product;
  };
  // Parts are mostly of one size: the power is worked out once for each size.
  const powers = new Map<number, bigint>();
  const shift = (size: number): bigint => {
    let power = powers.get(size);
    if (power === undefined) {
      power = one;
      // x^8, in reflected order: the bit eight places below the top.
      let square = one >> 8n;
      for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) {
        if (rest % 2 === 1) power = multiply(power, square);
        square = multiply(square, square);
      }
      powers.set(size, power);
    }
    return power;
  };
  let crc = 0n;
  for (const part of parts) {
    const value = BigInt(`0x${Buffer.from(part.value, 'base64').toString('hex')}`);
    crc = multiply(crc, shift(part.size)) ^ value;
  }
  return Buffer.from(crc.toString(16).padStart(Number(bits) / 4, '0'), 'hex').toString('base64');
}
