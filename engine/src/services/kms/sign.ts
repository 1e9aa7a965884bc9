import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  type KeyObject,
  sign as signWith,
  timingSafeEqual,
  verify as verifyWith,
} from 'node:crypto';
import type { SignCommandInput } from '@aws-sdk/client-kms';
import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { digestSigner } from './digests';
import { checkState, findKey, usableKey } from './find-key';
import { algorithmsOf } from './specs';
import { type Key, keyArn, refuseDryRun, stateOf, type Usage, validation } from './store';

function check(key: Key, usage: Usage, algorithm: string): void {
  if (algorithmsOf(key.spec, usage).includes(algorithm)) return;
  throw new AwsError(
    'InvalidKeyUsageException',
    `Algorithm ${algorithm} is incompatible with key spec ${key.spec}.`,
  );
}

function privateKeyOf(call: Call, key: Key): KeyObject {
  const material = stateOf(call).materials.get([key.id, key.material])!;
  return createPrivateKey({ key: Buffer.from(material.secret), format: 'der', type: 'pkcs8' });
}

function optionsOf(algorithm: string) {
  const bits = Number(algorithm.slice(-3));
  const padding = algorithm.startsWith('RSASSA_PSS')
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: bits / 8 }
    : {};
  return { hash: `sha${bits}`, bits, padding };
}

/** What is signed: the message, or the digest somebody made of it. */
function checkMessage(message: Uint8Array, type: string, algorithm: string): void {
  if (type === 'EXTERNAL_MU') throw validation('MessageType EXTERNAL_MU is not supported for this key.');
  if (type !== 'DIGEST') return;
  if (message.length !== optionsOf(algorithm).bits / 8) {
    throw validation(`Digest is invalid length for algorithm ${algorithm}.`);
  }
}

/** What Sign and Verify check alike, and then work with. */
function prepare(input: SignCommandInput, call: Call, operation: 'Sign' | 'Verify') {
  const key = usableKey(call, input.KeyId!, 'SIGN_VERIFY', operation);
  const algorithm = input.SigningAlgorithm!;
  check(key, 'SIGN_VERIFY', algorithm);
  const type = input.MessageType ?? 'RAW';
  checkMessage(input.Message!, type, algorithm);
  refuseDryRun(input.DryRun);
  return { key, algorithm, type, ...optionsOf(algorithm), secret: privateKeyOf(call, key) };
}

export const sign: Operation<'kms', 'Sign'> = (input, call) => {
  const { key, algorithm, type, hash, padding, secret } = prepare(input, call, 'Sign');
  const Signature =
    type === 'DIGEST'
      ? digestSigner(call.ids, secret, algorithm).sign(input.Message!)
      : signWith(hash, input.Message!, { key: secret, ...padding });
  return { KeyId: keyArn(call, key.id), Signature, SigningAlgorithm: algorithm };
};

export const verify: Operation<'kms', 'Verify'> = (input, call) => {
  const { key, algorithm, type, hash, padding, secret } = prepare(input, call, 'Verify');
  const valid =
    type === 'DIGEST'
      ? digestSigner(call.ids, secret, algorithm).verify(input.Message!, input.Signature!)
      : verifyWith(hash, input.Message!, { key: createPublicKey(secret), ...padding }, input.Signature!);
  if (!valid) throw new AwsError('KMSInvalidSignatureException', '');
  return { KeyId: keyArn(call, key.id), SignatureValid: true, SigningAlgorithm: algorithm };
};

export const getPublicKey: Operation<'kms', 'GetPublicKey'> = (input, call) => {
  const key = findKey(call, input.KeyId!);
  checkState(call, key);
  if (key.spec === 'SYMMETRIC_DEFAULT' || key.usage === 'GENERATE_VERIFY_MAC') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${keyArn(call, key.id)} key spec is ${key.spec} which is not valid for GetPublicKey.`,
    );
  }
  const algorithms = [...algorithmsOf(key.spec, key.usage)];
  return {
    KeyId: keyArn(call, key.id),
    PublicKey: createPublicKey(privateKeyOf(call, key)).export({ format: 'der', type: 'spki' }),
    CustomerMasterKeySpec: key.spec as 'RSA_2048',
    KeySpec: key.spec as 'RSA_2048',
    KeyUsage: key.usage,
    ...(key.usage === 'ENCRYPT_DECRYPT' ? { EncryptionAlgorithms: algorithms as 'RSAES_OAEP_SHA_1'[] } : {}),
    ...(key.usage === 'SIGN_VERIFY' ? { SigningAlgorithms: algorithms as 'ECDSA_SHA_256'[] } : {}),
    ...(key.usage === 'KEY_AGREEMENT' ? { KeyAgreementAlgorithms: algorithms as 'ECDH'[] } : {}),
  };
};

function macOf(call: Call, key: Key, algorithm: string, message: Uint8Array): Buffer {
  check(key, 'GENERATE_VERIFY_MAC', algorithm);
  const material = stateOf(call).materials.get([key.id, key.material])!;
  return createHmac(`sha${algorithm.slice(-3)}`, material.secret)
    .update(message)
    .digest();
}

export const generateMac: Operation<'kms', 'GenerateMac'> = (input, call) => {
  const key = usableKey(call, input.KeyId!, 'GENERATE_VERIFY_MAC', 'GenerateMac');
  const Mac = macOf(call, key, input.MacAlgorithm!, input.Message!);
  refuseDryRun(input.DryRun);
  return { KeyId: keyArn(call, key.id), Mac, MacAlgorithm: input.MacAlgorithm };
};

export const verifyMac: Operation<'kms', 'VerifyMac'> = (input, call) => {
  const key = usableKey(call, input.KeyId!, 'GENERATE_VERIFY_MAC', 'VerifyMac');
  const expected = macOf(call, key, input.MacAlgorithm!, input.Message!);
  refuseDryRun(input.DryRun);
  const given = Buffer.from(input.Mac!);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw new AwsError('KMSInvalidMacException', '');
  }
  return { KeyId: keyArn(call, key.id), MacValid: true, MacAlgorithm: input.MacAlgorithm };
};

export const deriveSharedSecret: Operation<'kms', 'DeriveSharedSecret'> = (input, call) => {
  if (input.Recipient !== undefined) throw notImplemented('KMS DeriveSharedSecret Recipient (enclaves)');
  const key = usableKey(call, input.KeyId!, 'KEY_AGREEMENT', 'DeriveSharedSecret');
  refuseDryRun(input.DryRun);
  let SharedSecret: Buffer;
  try {
    const publicKey = createPublicKey({ key: Buffer.from(input.PublicKey!), format: 'der', type: 'spki' });
    SharedSecret = diffieHellman({ privateKey: privateKeyOf(call, key), publicKey });
  } catch {
    throw validation('');
  }
  return {
    KeyId: keyArn(call, key.id),
    SharedSecret,
    KeyAgreementAlgorithm: 'ECDH',
    KeyOrigin: 'AWS_KMS',
  };
};
