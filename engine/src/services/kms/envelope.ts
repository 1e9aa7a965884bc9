import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { AwsError, type Call } from '../../kernel';
import { rotateIfDue } from './rotation';
import { randomBytes } from './specs';
import { type Key, type Material, stateOf } from './store';

export type Context = Record<string, string> | undefined;

/** What a ciphertext of KMS begins with ("AQIC" in base64): version and kind. */
const HEADER = Buffer.from([1, 2, 2, 0]);
const NONCE = 12;
const TAG = 16;

/** The context is authenticated whatever its order. */
function authenticated(context: Context): Buffer {
  const pairs = Object.entries(context ?? {}).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHash('sha256').update(JSON.stringify(pairs)).digest();
}

/**
 * AES-256-GCM, in a blob that tells its key: header, length and name of the key (account and id), number of its
 * material, nonce, tag, ciphertext. So Decrypt needs no key id, and a rotated key still opens what it closed.
 */
export function seal(
  call: Call,
  key: Key,
  plaintext: Uint8Array,
  context: Context,
): { blob: Buffer; material: Material } {
  const current = rotateIfDue(call, key);
  const material = stateOf(call).materials.get([key.id, current.material])!;
  const nonce = randomBytes(call, NONCE);
  const cipher = createCipheriv('aes-256-gcm', material.secret, nonce);
  cipher.setAAD(Buffer.concat([Buffer.from(key.id), authenticated(context)]));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const name = Buffer.from(`${call.account}:${key.id}`);
  const number = Buffer.alloc(4);
  number.writeUInt32BE(current.material);
  const blob = Buffer.concat([
    HEADER,
    Buffer.of(name.length),
    name,
    number,
    nonce,
    cipher.getAuthTag(),
    sealed,
  ]);
  return { blob, material };
}

export interface Opened {
  keyId: string;
  plaintext: Buffer;
  materialId: string;
}

/** What a blob tells of its key; undefined where it is none of KMS's. */
function nameIn(blob: ArrayBufferView): string | undefined {
  const buffer = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  if (buffer.length < 5 || !buffer.subarray(0, 4).equals(HEADER)) return undefined;
  const end = 5 + buffer[4]!;
  if (buffer.length < end + 4 + NONCE + TAG) return undefined;
  return buffer.subarray(5, end).toString();
}

/** The id of the key that a blob was sealed with; an earlier engine's blobs tell nothing else. */
export function keyOfBlob(blob: Uint8Array): string | undefined {
  return nameIn(blob)?.split(':').at(-1);
}

export function accountOfBlob(blob: ArrayBufferView): string | undefined {
  const [account, id] = nameIn(blob)?.split(':') ?? [];
  return id === undefined ? undefined : account;
}

export function open(call: Call, blob: Uint8Array, context: Context): Opened {
  const keyId = keyOfBlob(blob);
  if (keyId === undefined) throw invalidCiphertext();
  const buffer = Buffer.from(blob);
  let at = 5 + buffer[4]!;
  const material = stateOf(call).materials.get([keyId, buffer.readUInt32BE(at)]);
  if (!material) throw invalidCiphertext();
  at += 4;
  const nonce = buffer.subarray(at, at + NONCE);
  const tag = buffer.subarray(at + NONCE, at + NONCE + TAG);
  const decipher = createDecipheriv('aes-256-gcm', material.secret, nonce, { authTagLength: TAG });
  decipher.setAAD(Buffer.concat([Buffer.from(keyId), authenticated(context)]));
  decipher.setAuthTag(tag);
  try {
    const plaintext = Buffer.concat([decipher.update(buffer.subarray(at + NONCE + TAG)), decipher.final()]);
    return { keyId, plaintext, materialId: material.id };
  } catch {
    throw invalidCiphertext();
  }
}

/** AWS does not say what is wrong with a ciphertext. */
export function invalidCiphertext(): AwsError {
  return new AwsError('InvalidCiphertextException', '');
}
