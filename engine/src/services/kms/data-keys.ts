import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { type Context, seal } from './envelope';
import { usableKey } from './find-key';
import { makePair, randomBytes } from './specs';
import { type Key, keyArn, refuseDryRun, validation } from './store';

function wrappingKey(call: Call, id: string, operation: string): Key {
  const key = usableKey(call, id, 'ENCRYPT_DECRYPT', operation);
  if (key.spec !== 'SYMMETRIC_DEFAULT') {
    throw new AwsError(
      'InvalidKeyUsageException',
      `${keyArn(call, key.id)} key spec is ${key.spec} which is not valid for ${operation}.`,
    );
  }
  return key;
}

interface DataKeyInput {
  KeyId: string | undefined;
  KeySpec?: 'AES_256' | 'AES_128' | undefined;
  NumberOfBytes?: number | undefined;
  EncryptionContext?: Context;
  DryRun?: boolean | undefined;
}

function dataKey(call: Call, input: DataKeyInput, operation: string) {
  const key = wrappingKey(call, input.KeyId!, operation);
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined)) {
    throw validation('Please specify either number of bytes or key spec.');
  }
  refuseDryRun(input.DryRun);
  const length = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
  const plaintext = randomBytes(call, length);
  const { blob, material } = seal(call, key, plaintext, input.EncryptionContext);
  return {
    plaintext,
    told: { CiphertextBlob: blob, KeyId: keyArn(call, key.id), KeyMaterialId: material.id },
  };
}

export const generateDataKey: Operation<'kms', 'GenerateDataKey'> = (input, call) => {
  if (input.Recipient !== undefined) throw notImplemented('KMS GenerateDataKey Recipient (enclaves)');
  const { plaintext, told } = dataKey(call, input, 'GenerateDataKey');
  return { ...told, Plaintext: plaintext };
};

export const generateDataKeyWithoutPlaintext: Operation<'kms', 'GenerateDataKeyWithoutPlaintext'> = (
  input,
  call,
) => dataKey(call, input, 'GenerateDataKeyWithoutPlaintext').told;

interface PairInput {
  KeyId: string | undefined;
  KeyPairSpec: string | undefined;
  EncryptionContext?: Context;
  DryRun?: boolean | undefined;
}

async function dataKeyPair(call: Call, input: PairInput, operation: string) {
  const key = wrappingKey(call, input.KeyId!, operation);
  refuseDryRun(input.DryRun);
  const { privateKey, publicKey } = await makePair(input.KeyPairSpec!);
  const { blob, material } = seal(call, key, privateKey, input.EncryptionContext);
  return {
    privateKey,
    told: {
      PrivateKeyCiphertextBlob: blob,
      PublicKey: publicKey,
      KeyId: keyArn(call, key.id),
      KeyPairSpec: input.KeyPairSpec as 'RSA_2048',
      KeyMaterialId: material.id,
    },
  };
}

export const generateDataKeyPair: Operation<'kms', 'GenerateDataKeyPair'> = async (input, call) => {
  if (input.Recipient !== undefined) throw notImplemented('KMS GenerateDataKeyPair Recipient (enclaves)');
  const { privateKey, told } = await dataKeyPair(call, input, 'GenerateDataKeyPair');
  return { ...told, PrivateKeyPlaintext: privateKey };
};

export const generateDataKeyPairWithoutPlaintext: Operation<
  'kms',
  'GenerateDataKeyPairWithoutPlaintext'
> = async (input, call) => (await dataKeyPair(call, input, 'GenerateDataKeyPairWithoutPlaintext')).told;

export const generateRandom: Operation<'kms', 'GenerateRandom'> = (input, call) => {
  if (input.CustomKeyStoreId !== undefined || input.Recipient !== undefined) {
    throw notImplemented('KMS GenerateRandom of custom key stores and enclaves');
  }
  if (input.NumberOfBytes === undefined) {
    throw validation('NumberOfBytes is a required parameter.');
  }
  return { Plaintext: randomBytes(call, input.NumberOfBytes) };
};
