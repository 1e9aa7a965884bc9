import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { type Call, notImplemented } from '../../kernel';
import { type Usage, validation } from './store';

interface Spec {
  usages: readonly Usage[];
  /** Algorithms by usage. */
  algorithms: Partial<Record<Usage, readonly string[]>>;
}

const RSA: Spec = {
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  algorithms: {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    SIGN_VERIFY: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
};

function curve(hash: number, agreement = true): Spec {
  return {
    usages: agreement ? ['SIGN_VERIFY', 'KEY_AGREEMENT'] : ['SIGN_VERIFY'],
    algorithms: { SIGN_VERIFY: [`ECDSA_SHA_${hash}`], ...(agreement ? { KEY_AGREEMENT: ['ECDH'] } : {}) },
  };
}

function hmac(bits: number): Spec {
  return { usages: ['GENERATE_VERIFY_MAC'], algorithms: { GENERATE_VERIFY_MAC: [`HMAC_SHA_${bits}`] } };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html */
const SPECS: Readonly<Record<string, Spec>> = {
  SYMMETRIC_DEFAULT: {
    usages: ['ENCRYPT_DECRYPT'],
    algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  },
  RSA_2048: RSA,
  RSA_3072: RSA,
  RSA_4096: RSA,
  ECC_NIST_P256: curve(256),
  ECC_NIST_P384: curve(384),
  ECC_NIST_P521: curve(512),
  ECC_SECG_P256K1: curve(256, false),
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
};

const CURVES: Readonly<Record<string, string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

export function algorithmsOf(spec: string, usage: Usage): readonly string[] {
  return SPECS[spec]?.algorithms[usage] ?? [];
}

/** The usage of a new key: only keys of one use need not be told it. */
export function checkUsage(spec: string, asked: string | undefined): Usage {
  const known = SPECS[spec];
  if (!known) throw notImplemented(`KMS keys of the spec ${spec}`);
  if (asked === undefined) {
    if (spec === 'SYMMETRIC_DEFAULT') return 'ENCRYPT_DECRYPT';
    throw validation(
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    );
  }
  const usage = known.usages.find((candidate) => candidate === asked);
  if (!usage) throw validation(`KeyUsage ${asked} is not compatible with KeySpec ${spec}`);
  return usage;
}

const pair = promisify(generateKeyPair);
const PKCS8 = { type: 'pkcs8', format: 'der' } as const;
const SPKI = { type: 'spki', format: 'der' } as const;

export function randomBytes(call: Call, count: number): Buffer {
  return Buffer.from(call.ids.hex(count * 2), 'hex');
}

/** New key material of a spec: bytes, or a private key. */
export async function makeMaterial(call: Call, spec: string): Promise<Uint8Array> {
  if (spec === 'SYMMETRIC_DEFAULT') return randomBytes(call, 32);
  if (spec.startsWith('HMAC_')) return randomBytes(call, Number(spec.slice(5)) / 8);
  return (await makePair(spec)).privateKey;
}

/** Key pairs come from OpenSSL's own generator: there is no other way to make them. */
export async function makePair(spec: string): Promise<{ privateKey: Buffer; publicKey: Buffer }> {
  if (spec.startsWith('RSA_')) {
    return pair('rsa', {
      modulusLength: Number(spec.slice(4)),
      publicKeyEncoding: SPKI,
      privateKeyEncoding: PKCS8,
    });
  }
  const namedCurve = CURVES[spec];
  if (namedCurve === undefined) throw notImplemented(`KMS key pairs of the spec ${spec}`);
  return pair('ec', { namedCurve, publicKeyEncoding: SPKI, privateKeyEncoding: PKCS8 });
}
