import { constants, createPublicKey, type KeyObject, privateEncrypt, publicDecrypt } from 'node:crypto';
import { notImplemented } from '../../kernel';

/** DER of DigestInfo up to the digest itself. RFC 8017, 9.2, note 1 */
const PREFIX: Readonly<Record<string, string>> = {
  '256': '3031300d060960864801650304020105000420',
  '384': '3041300d060960864801650304020205000430',
  '512': '3051300d060960864801650304020305000440',
};

/** Signs digests that were made elsewhere, which node:crypto only does for PKCS #1 v1.5. */
export function digestSigner(secret: KeyObject, algorithm: string) {
  if (!algorithm.startsWith('RSASSA_PKCS1')) throw notImplemented(`KMS MessageType DIGEST with ${algorithm}`);
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
