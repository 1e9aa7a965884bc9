import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from './crc';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html */
export const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];
export type ChecksumKind = 'FULL_OBJECT' | 'COMPOSITE';

/** A checksum as it is kept beside an object or a part. */
export interface Checksum {
  algorithm: Algorithm;
  /** Base64. */
  value: string;
  kind: ChecksumKind;
}

/** The members that carry checksums in inputs and outputs alike. */
export interface ChecksumMembers {
  ChecksumCRC32?: string | undefined;
  ChecksumCRC32C?: string | undefined;
  ChecksumCRC64NVME?: string | undefined;
  ChecksumSHA1?: string | undefined;
  ChecksumSHA256?: string | undefined;
}

export interface Hasher {
  update(chunk: Uint8Array): void;
  digest(): Buffer;
}

class Crc32 implements Hasher {
  #value = 0;

  update(chunk: Uint8Array): void {
    this.#value = crc32(chunk, this.#value);
  }

  digest(): Buffer {
    const out = Buffer.alloc(4);
    out.writeUInt32BE(this.#value >>> 0);
    return out;
  }
}

export function hasher(algorithm: Algorithm | 'MD5'): Hasher {
  if (algorithm === 'CRC32') return new Crc32();
  if (algorithm === 'CRC32C') return new Crc32c();
  if (algorithm === 'CRC64NVME') return new Crc64Nvme();
  return createHash(algorithm.toLowerCase());
}

export const DIGEST_BYTES: Record<Algorithm, number> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export function isAlgorithm(name: string): name is Algorithm {
  return (ALGORITHMS as readonly string[]).includes(name);
}

export function checksumMember(algorithm: Algorithm): keyof ChecksumMembers {
  return `Checksum${algorithm}`;
}

/** `{ ChecksumCRC32: '…' }` for a checksum, nothing for none. */
export function asMember(checksum: { algorithm: Algorithm; value: string } | undefined): ChecksumMembers {
  return checksum ? { [checksumMember(checksum.algorithm)]: checksum.value } : {};
}

/** The same with `ChecksumType`, as GetObject and PutObject answer. */
export function asMembers(checksum: Checksum | undefined): ChecksumMembers & { ChecksumType?: ChecksumKind } {
  return checksum ? { ...asMember(checksum), ChecksumType: checksum.kind } : {};
}

export function digestOf(algorithm: Algorithm, bytes: Uint8Array): Buffer {
  const hash = hasher(algorithm);
  hash.update(bytes);
  return hash.digest();
}
