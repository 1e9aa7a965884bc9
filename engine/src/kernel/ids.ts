import { randomBytes, randomUUID } from 'node:crypto';

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

function draw(alphabet: string, length: number): string {
  // Rejection keeps every character equally likely whatever the alphabet's length.
  const limit = 256 - (256 % alphabet.length);
  let out = '';
  while (out.length < length) {
    for (const byte of randomBytes(length * 2)) {
      if (byte < limit && out.length < length) out += alphabet[byte % alphabet.length];
    }
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
