import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NONCE = 12;
const TAG = 16;
/** Bytes, and values. */
const LONGEST_REMEMBERED = 16_384;
const MOST_REMEMBERED = 1000;
const CIPHER = 'aes-256-gcm';

/** The state was sealed with a key that is not there any more. */
export class SealError extends Error {}

/**
 * Seals what AWS keeps encrypted at rest, under a key in a file of its own: whoever copies, backs up or searches the
 * state's other files finds no secret in them.
 */
export class Seal {
  /** What was opened lately, by its place: a cipher costs more than all the rest of a read. */
  readonly #opened = new Map<string, { sealed: Buffer; value: Buffer }>();

  private constructor(
    readonly file: string,
    readonly key: Buffer,
  ) {}

  /** The key of the state in `directory`, made with its first use. */
  static of(directory: string): Seal {
    const file = join(directory, 'state.key');
    try {
      // Not out of a test's own identifiers: two states must never share a key.
      writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!isThere(error)) throw error;
    }
    const key = readFileSync(file);
    if (key.length !== 32) throw new SealError(`${file} is not a key: 32 bytes are.`);
    return new Seal(file, key);
  }

  /** Bound to its place: what is sealed for one cannot be passed off in another. */
  close(place: readonly unknown[], value: Uint8Array): Buffer {
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(CIPHER, this.key, nonce);
    cipher.setAAD(Buffer.from(JSON.stringify(place)));
    return Buffer.concat([nonce, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
  }

  /** Nobody may write to the result. */
  open(place: readonly unknown[], sealed: Buffer): Buffer {
    const name = JSON.stringify(place);
    const known = this.#opened.get(name);
    if (known?.sealed.equals(sealed)) return known.value;
    const value = this.#decipher(name, sealed);
    if (sealed.length > LONGEST_REMEMBERED) return value;
    if (this.#opened.size >= MOST_REMEMBERED) this.#opened.clear();
    this.#opened.set(name, { sealed: Buffer.from(sealed), value });
    return value;
  }

  #decipher(name: string, sealed: Buffer): Buffer {
    const decipher = createDecipheriv(CIPHER, this.key, sealed.subarray(0, NONCE), { authTagLength: TAG });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(sealed.subarray(-TAG));
    try {
      return Buffer.concat([decipher.update(sealed.subarray(NONCE, -TAG)), decipher.final()]);
    } catch {
      throw new SealError(`The state was sealed with another key than the one in ${this.file}.`);
    }
  }
}

/** Not `instanceof Error`: Node's own errors are of another realm in some test runners. */
function isThere(error: unknown): boolean {
  return typeof error === 'object' && error !== null && Reflect.get(error, 'code') === 'EEXIST';
}
