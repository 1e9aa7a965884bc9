import { constants, createPublicKey, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import type { Ids } from '../../kernel';
import * as ecdsa from './ecdsa';
import * as pss from './pss';

/** DER of DigestInfo up to the digest itself. RFC 8017, 9.2, note 1 */
const PREFIX: Readonly<Record<string, string>> = {
  '256': '3031300d060960864801650304020105000420',
  '384': '3041300d060960864801650304020205000430',
  '512': '3051300d060960864801650304020305000440',
};

/** Signs and verifies digests that were made elsewhere. */
export function digestSigner(ids: Ids, secret: KeyObject, algorithm: string) {
  const hash = `sha${algorithm.slice(-3)}`;
  if (algorithm.startsWith('ECDSA')) {
    return {
      sign: (digest: Uint8Array) => ecdsa.signDigest(ids, secret, digest),
      verify: (digest: Uint8Array, signature: Uint8Array) => ecdsa.verifyDigest(secret, digest, signature),
    };
  }
  if (algorithm.startsWith('RSASSA_PSS')) {
    return {
      sign: (digest: Uint8Array) => pss.signDigest(ids, secret, hash, digest),
      verify: (digest: Uint8Array, signature: Uint8Array) =>
        pss.verifyDigest(secret, hash, digest, signature),
    };
  }
  const info = (digest: Uint8Array) =>
    Buffer.concat([Buffer.from(PREFIX[algorithm.slice(-3)]!, 'hex'), digest]);
  const padding = constants.RSA_PKCS1_PADDING;
  return {
    sign: (digest: Uint8Array) => privateEncrypt({ key: secret, padding }, info(digest)),
    verify(digest: Uint8Array, signature: Uint8Array): boolean {
      try {
        return publicDecrypt({ key: createPublicKey(secret), padding }, signature).equals(info(digest));
      } catch {
        return false;
      }
    },
  };
}
