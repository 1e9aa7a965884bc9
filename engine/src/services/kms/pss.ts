import {
  constants,
  createHash,
  createPublicKey,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
} from 'node:crypto';
import type { Ids } from '../../kernel';

/** RSASSA-PSS over a digest that was made elsewhere; node:crypto hashes whatever it signs. RFC 8017, 9.1 */
const padding = constants.RSA_NO_PADDING;

function mask(hash: string, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  const counter = Buffer.alloc(4);
  for (let made = 0, n = 0; made < length; n += 1) {
    counter.writeUInt32BE(n);
    const block = createHash(hash).update(seed).update(counter).digest();
    blocks.push(block);
    made += block.length;
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, index) => byte ^ other[index]!));
}

function fingerprint(hash: string, digest: Uint8Array, salt: Buffer): Buffer {
  return createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
}

function sizeOf(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

export function signDigest(ids: Ids, key: KeyObject, hash: string, digest: Uint8Array): Buffer {
  const salt = Buffer.from(ids.hex(digest.length * 2), 'hex');
  const h = fingerprint(hash, digest, salt);
  const zeros = Buffer.alloc(sizeOf(key) - salt.length - h.length - 2);
  const block = Buffer.concat([zeros, Buffer.of(1), salt]);
  const masked = xor(block, mask(hash, h, block.length));
  // The encoding is a bit shorter than the modulus.
  masked[0]! &= 0x7f;
  return privateEncrypt({ key, padding }, Buffer.concat([masked, h, Buffer.of(0xbc)]));
}

export function verifyDigest(
  key: KeyObject,
  hash: string,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const publicKey = createPublicKey(key);
  if (signature.length !== sizeOf(publicKey)) return false;
  let encoded: Buffer;
  try {
    encoded = publicDecrypt({ key: publicKey, padding }, signature);
  } catch {
    return false;
  }
  const end = encoded.length - digest.length - 1;
  const h = encoded.subarray(end, -1);
  if (encoded.at(-1) !== 0xbc || encoded[0]! > 0x7f) return false;
  const block = xor(encoded.subarray(0, end), mask(hash, h, end));
  block[0]! &= 0x7f;
  const salt = block.subarray(end - digest.length);
  const zeros = block.subarray(0, end - digest.length - 1);
  if (zeros.some((byte) => byte !== 0) || block[zeros.length] !== 1) return false;
  return fingerprint(hash, digest, salt).equals(h);
}
