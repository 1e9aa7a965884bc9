import type { Hasher } from './checksums';

/**
 * CRC-32C and CRC-64/NVME, table driven, eight bytes a step. Node's zlib has CRC-32 only, and S3 computes
 * a CRC-64/NVME of every upload that brings no checksum of its own, so this runs often.
 */
function tables(polyHigh: number, polyLow: number): { low: Uint32Array[]; high: Uint32Array[] } {
  const low = Array.from({ length: 8 }, () => new Uint32Array(256));
  const high = Array.from({ length: 8 }, () => new Uint32Array(256));
  const [low0, high0] = [low[0]!, high[0]!];
  for (let i = 0; i < 256; i++) {
    let [l, h] = [i, 0];
    for (let bit = 0; bit < 8; bit++) {
      const odd = l & 1;
      l = ((l >>> 1) | (h << 31)) >>> 0;
      h >>>= 1;
      if (odd) {
        l = (l ^ polyLow) >>> 0;
        h = (h ^ polyHigh) >>> 0;
      }
    }
    low0[i] = l;
    high0[i] = h;
  }
  for (let t = 1; t < 8; t++) {
    for (let i = 0; i < 256; i++) {
      const [l, h] = [low[t - 1]![i]!, high[t - 1]![i]!];
      low[t]![i] = ((l >>> 8) | (h << 24)) ^ low0[l & 255]!;
      high[t]![i] = (h >>> 8) ^ high0[l & 255]!;
    }
  }
  return { low, high };
}

const NVME = tables(0x9a6c9329, 0xac4bc9b5);
const CASTAGNOLI = tables(0, 0x82f63b78);

export class Crc64Nvme implements Hasher {
  #low = -1;
  #high = -1;

  update(chunk: Uint8Array): void {
    const [l0, l1, l2, l3, l4, l5, l6, l7] = NVME.low as Eight;
    const [h0, h1, h2, h3, h4, h5, h6, h7] = NVME.high as Eight;
    let low = this.#low;
    let high = this.#high;
    let i = 0;
    for (const last = chunk.length - 8; i <= last; i += 8) {
      const a = low ^ word(chunk, i);
      const b = high ^ word(chunk, i + 4);
      const [a0, a1, a2, a3] = [a & 255, (a >>> 8) & 255, (a >>> 16) & 255, a >>> 24];
      const [b0, b1, b2, b3] = [b & 255, (b >>> 8) & 255, (b >>> 16) & 255, b >>> 24];
      low = l7[a0]! ^ l6[a1]! ^ l5[a2]! ^ l4[a3]! ^ l3[b0]! ^ l2[b1]! ^ l1[b2]! ^ l0[b3]!;
      high = h7[a0]! ^ h6[a1]! ^ h5[a2]! ^ h4[a3]! ^ h3[b0]! ^ h2[b1]! ^ h1[b2]! ^ h0[b3]!;
    }
    for (; i < chunk.length; i++) {
      const index = (low ^ chunk[i]!) & 255;
      low = ((low >>> 8) | (high << 24)) ^ l0[index]!;
      high = (high >>> 8) ^ h0[index]!;
    }
    this.#low = low;
    this.#high = high;
  }

  digest(): Buffer {
    const out = Buffer.alloc(8);
    out.writeUInt32BE(~this.#high >>> 0, 0);
    out.writeUInt32BE(~this.#low >>> 0, 4);
    return out;
  }
}

export class Crc32c implements Hasher {
  #value = -1;

  update(chunk: Uint8Array): void {
    const [t0, t1, t2, t3, t4, t5, t6, t7] = CASTAGNOLI.low as Eight;
    let value = this.#value;
    let i = 0;
    for (const last = chunk.length - 8; i <= last; i += 8) {
      const a = value ^ word(chunk, i);
      const b = word(chunk, i + 4);
      value =
        t7[a & 255]! ^
        t6[(a >>> 8) & 255]! ^
        t5[(a >>> 16) & 255]! ^
        t4[a >>> 24]! ^
        t3[b & 255]! ^
        t2[(b >>> 8) & 255]! ^
        t1[(b >>> 16) & 255]! ^
        t0[b >>> 24]!;
    }
    for (; i < chunk.length; i++) value = (value >>> 8) ^ t0[(value ^ chunk[i]!) & 255]!;
    this.#value = value;
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(~this.#value >>> 0);
    return out;
  }
}

type Eight = [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}
