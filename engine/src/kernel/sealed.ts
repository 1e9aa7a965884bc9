import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Host } from './host';

/**
 * Envelope encryption, as AWS's services do it with values that may be longer than the 4 KiB KMS takes: a data key of
 * its own for each value, kept beside it as KMS wrapped it.
 */
export async function sealWithKey(
  host: Host,
  keyId: string,
  context: Record<string, string>,
  plaintext: Uint8Array,
): Promise<Buffer> {
  const key = await host.invoke('kms', 'GenerateDataKey', {
    KeyId: keyId,
    KeySpec: 'AES_256',
    EncryptionContext: context,
  });
  const wrapped = Buffer.from(key.CiphertextBlob!);
  // The key seals this value only, so that a fixed nonce is never used twice with it.
  const cipher = createCipheriv('aes-256-gcm', key.Plaintext!, Buffer.alloc(12));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export async function openWithKey(
  host: Host,
  context: Record<string, string>,
  sealed: Uint8Array,
): Promise<Buffer> {
  const blob = Buffer.from(sealed);
  const end = 2 + blob.readUInt16BE(0);
  const { Plaintext } = await host.invoke('kms', 'Decrypt', {
    CiphertextBlob: blob.subarray(2, end),
    EncryptionContext: context,
  });
  const decipher = createDecipheriv('aes-256-gcm', Plaintext!, Buffer.alloc(12), { authTagLength: 16 });
  decipher.setAuthTag(blob.subarray(-16));
  return Buffer.concat([decipher.update(blob.subarray(end, -16)), decipher.final()]);
}
