import { constants, createPrivateKey, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { accountOfBlob, type Context, invalidCiphertext, keyOfBlob, open, seal } from './envelope';
import { checkState, findKey, load, usableKey } from './find-key';
import { algorithmsOf } from './specs';
import { type Key, keyArn, refuseDryRun, stateOf, validation } from './store';

type Algorithm = 'SYMMETRIC_DEFAULT' | 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256';

function algorithmFor(key: Key, asked: string | undefined): Algorithm {
  const algorithm = asked ?? 'SYMMETRIC_DEFAULT';
  if (!algorithmsOf(key.spec, key.usage).includes(algorithm)) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
    );
  }
  return algorithm as Algorithm;
}

function oaep(algorithm: Algorithm) {
  const oaepHash = algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256';
  return { oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING };
}

function privateKeyOf(call: Call, key: Key) {
  const material = stateOf(call).materials.get([key.id, key.material])!;
  return createPrivateKey({ key: Buffer.from(material.secret), format: 'der', type: 'pkcs8' });
}

function encryptUnder(call: Call, key: Key, algorithm: Algorithm, plaintext: Uint8Array, context: Context) {
  if (algorithm === 'SYMMETRIC_DEFAULT') return seal(call, key, plaintext, context);
  if (context && Object.keys(context).length > 0) {
    throw validation(`EncryptionContext is not supported for algorithm ${algorithm}.`);
  }
  const most = Number(key.spec.slice(4)) / 8 - (algorithm === 'RSAES_OAEP_SHA_1' ? 42 : 66);
  if (plaintext.length > most) {
    throw validation(
      `Algorithm ${algorithm} and key spec ${key.spec} cannot encrypt data larger than ${most} bytes.`,
    );
  }
  const blob = publicEncrypt(
    { key: createPublicKey(privateKeyOf(call, key)), ...oaep(algorithm) },
    plaintext,
  );
  return { blob, material: undefined };
}

export const encrypt: Operation<'kms', 'Encrypt'> = (input, call) => {
  const key = usableKey(call, input.KeyId!, 'ENCRYPT_DECRYPT', 'Encrypt');
  const algorithm = algorithmFor(key, input.EncryptionAlgorithm);
  const { blob } = encryptUnder(call, key, algorithm, input.Plaintext!, input.EncryptionContext);
  refuseDryRun(input.DryRun);
  return { CiphertextBlob: blob, KeyId: keyArn(call, key.id), EncryptionAlgorithm: algorithm };
};

interface DecryptInput {
  keyId: string | undefined;
  algorithm: string | undefined;
  blob: Uint8Array;
  context: Context;
}

function decryptBlob(call: Call, { keyId, algorithm, blob, context }: DecryptInput, operation: string) {
  if (algorithm !== undefined && algorithm !== 'SYMMETRIC_DEFAULT') {
    if (keyId === undefined) throw validation('A KeyId is required to decrypt under an asymmetric key.');
    const key = usableKey(call, keyId, 'ENCRYPT_DECRYPT', operation);
    const chosen = algorithmFor(key, algorithm);
    try {
      const plaintext = privateDecrypt({ key: privateKeyOf(call, key), ...oaep(chosen) }, blob);
      return { key, plaintext, algorithm: chosen, materialId: undefined };
    } catch {
      throw invalidCiphertext();
    }
  }
  const sealedBy = keyOfBlob(blob);
  const asked = keyId === undefined ? undefined : findKey(call, keyId);
  if (asked && (sealedBy === undefined || asked.id !== sealedBy || asked.usage !== 'ENCRYPT_DECRYPT')) {
    if (sealedBy === undefined && asked.usage === 'ENCRYPT_DECRYPT') throw invalidCiphertext();
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  if (sealedBy === undefined) throw invalidCiphertext();
  const key = load(call, sealedBy);
  if (!key) {
    throw new AwsError(
      'AccessDeniedException',
      'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
    );
  }
  checkState(call, key);
  const opened = open(call, blob, context);
  return {
    key,
    plaintext: opened.plaintext,
    algorithm: 'SYMMETRIC_DEFAULT' as const,
    materialId: opened.materialId,
  };
}

export const decrypt: Operation<'kms', 'Decrypt'> = (input, call) => {
  if (input.Recipient !== undefined) throw notImplemented('KMS Decrypt Recipient (enclaves)');
  if (input.CiphertextBlob === undefined) throw validation('CiphertextBlob is required');
  const opened = decryptBlob(
    call,
    {
      keyId: input.KeyId,
      algorithm: input.EncryptionAlgorithm,
      blob: input.CiphertextBlob,
      context: input.EncryptionContext,
    },
    'Decrypt',
  );
  refuseDryRun(input.DryRun);
  return {
    KeyId: keyArn(call, opened.key.id),
    Plaintext: opened.plaintext,
    EncryptionAlgorithm: opened.algorithm,
    ...(opened.materialId === undefined ? {} : { KeyMaterialId: opened.materialId }),
  };
};

export const reEncrypt: Operation<'kms', 'ReEncrypt'> = (input, call) => {
  if (input.CiphertextBlob && (accountOfBlob(input.CiphertextBlob) ?? call.account) !== call.account) {
    throw notImplemented('KMS ReEncrypt from the key of one account to that of another');
  }
  const target = usableKey(call, input.DestinationKeyId!, 'ENCRYPT_DECRYPT', 'ReEncrypt');
  const algorithm = algorithmFor(target, input.DestinationEncryptionAlgorithm);
  if (input.CiphertextBlob === undefined) throw validation('CiphertextBlob is required');
  const opened = decryptBlob(
    call,
    {
      keyId: input.SourceKeyId,
      algorithm: input.SourceEncryptionAlgorithm,
      blob: input.CiphertextBlob,
      context: input.SourceEncryptionContext,
    },
    'ReEncrypt',
  );
  const sealed = encryptUnder(call, target, algorithm, opened.plaintext, input.DestinationEncryptionContext);
  refuseDryRun(input.DryRun);
  return {
    CiphertextBlob: sealed.blob,
    SourceKeyId: keyArn(call, opened.key.id),
    KeyId: keyArn(call, target.id),
    SourceEncryptionAlgorithm: opened.algorithm,
    DestinationEncryptionAlgorithm: algorithm,
    ...(opened.materialId === undefined ? {} : { SourceKeyMaterialId: opened.materialId }),
    ...(sealed.material ? { DestinationKeyMaterialId: sealed.material.id } : {}),
  };
};
