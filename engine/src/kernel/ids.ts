import { randomFillSync, randomUUID } from 'node:crypto';

/** The only source of random identifiers in the engine, so that a test can own it. */
export interface Ids {
  uuid(): string;
  /** `length` characters out of `alphabet`, each equally likely. */
  of(alphabet: string, length: number): string;
  /** `length` lower-case hexadecimal digits, as in `vpc-0a1b…`. */
  hex(length: number): string;
  /** `length` lower-case letters and digits, as in API Gateway's ids. */
  lower(length: number): string;
  /** `length` upper-case letters and digits, as in IAM's and CloudFormation's suffixes. */
  upper(length: number): string;
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Random bytes are asked for many at a time: a question costs more than the bytes. */
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomByte(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used]!;
  // Each is given once, and leaves no trace: secrets are made of them.
  pool[used++] = 0;
  return byte;
}

function draw(alphabet: string, length: number): string {
  // Rejection keeps every character equally likely whatever the alphabet's length.
  const limit = 256 - (256 % alphabet.length);
  let out = '';
  while (out.length < length) {
    const byte = randomByte();
    if (byte < limit) out += alphabet[byte % alphabet.length];
  }
  return out;
}

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  of: draw,
  hex: (length) => draw('0123456789abcdef', length),
  lower: (length) => draw(LOWER, length),
  upper: (length) => draw(LOWER.toUpperCase(), length),
};
