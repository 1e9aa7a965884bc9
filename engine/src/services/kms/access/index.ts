import type { Access, Call, Needed } from '../../../kernel';
import { keyOfBlob } from '../envelope';
import { aliasArn, stateOf } from '../store';
import { toCreateGrant, toRetireGrant } from './grant-needs';
import { contextKeys, type Keys, onKey, onNoKey } from './key-needs';

interface Given {
  KeyId?: string | undefined;
}

const key =
  (action: string) =>
  (input: Given, call: Call): Needed =>
    onKey(call, action, input.KeyId);

const anywhere =
  (action: string) =>
  (_input: object, call: Call): Needed =>
    onNoKey(call, action, '*');

interface Wrapping extends Given {
  EncryptionContext?: Record<string, string> | undefined;
  EncryptionAlgorithm?: string | undefined;
  KeyPairSpec?: string | undefined;
}

const wrapping =
  (action: string) =>
  (input: Wrapping, call: Call): Needed =>
    onKey(call, action, input.KeyId, {
      ...contextKeys(input.EncryptionContext),
      'kms:EncryptionAlgorithm': input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
      'kms:DataKeyPairSpec': input.KeyPairSpec,
    });

/** Without a key's id the ciphertext tells which one it is; what tells none, the operation refuses. */
function opening(
  call: Call,
  action: string,
  id: string | undefined,
  blob: Uint8Array | undefined,
  keys: Keys,
) {
  const sealedBy = id ?? (blob && keyOfBlob(blob));
  if (sealedBy === undefined) return [];
  const needed = onKey(call, action, sealedBy, keys);
  return [
    id === undefined ? { ...needed, where: 'on the resource associated with this ciphertext' } : needed,
  ];
}

const signing =
  (action: string) =>
  (
    input: Given & { SigningAlgorithm?: string | undefined; MessageType?: string | undefined },
    call: Call,
  ): Needed =>
    onKey(call, action, input.KeyId, {
      'kms:SigningAlgorithm': input.SigningAlgorithm,
      'kms:MessageType': input.MessageType ?? 'RAW',
    });

const mac =
  (action: string) =>
  (input: Given & { MacAlgorithm?: string | undefined }, call: Call): Needed =>
    onKey(call, action, input.KeyId, { 'kms:MacAlgorithm': input.MacAlgorithm });

/** An alias is a resource of its own; whoever points it needs the same of each key that it concerns. */
function onAlias(call: Call, action: string, name: string | undefined, target?: string): Needed[] {
  const held = stateOf(call).aliases.get(name ?? '')?.key;
  const keys = new Set([held, target].filter((id) => id !== undefined));
  return [
    onNoKey(call, action, aliasArn(call, name ?? '')),
    ...[...keys].map((id) => ({ ...onKey(call, action, id) })),
  ];
}

const told = (value: boolean | undefined): string => String(value ?? false);

/** https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html */
const access: Access<'kms'> = {
  CancelKeyDeletion: key('CancelKeyDeletion'),
  CreateAlias: (input, call) => onAlias(call, 'CreateAlias', input.AliasName, input.TargetKeyId),
  CreateGrant: toCreateGrant,
  CreateKey: (input, call) => {
    const keys = {
      'kms:KeySpec': input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT',
      'kms:KeyUsage': input.KeyUsage ?? 'ENCRYPT_DECRYPT',
      'kms:KeyOrigin': input.Origin ?? 'AWS_KMS',
      'kms:MultiRegion': told(input.MultiRegion),
      'kms:BypassPolicyLockoutSafetyCheck': told(input.BypassPolicyLockoutSafetyCheck),
    };
    return [
      onNoKey(call, 'CreateKey', '*', keys),
      ...(input.Tags?.length ? [onNoKey(call, 'TagResource', '*', keys)] : []),
    ];
  },
  Decrypt: (input, call) =>
    opening(call, 'Decrypt', input.KeyId, input.CiphertextBlob, {
      ...contextKeys(input.EncryptionContext),
      'kms:EncryptionAlgorithm': input.EncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
    }),
  DeleteAlias: (input, call) => onAlias(call, 'DeleteAlias', input.AliasName),
  DeriveSharedSecret: (input, call) =>
    onKey(call, 'DeriveSharedSecret', input.KeyId, {
      'kms:KeyAgreementAlgorithm': input.KeyAgreementAlgorithm,
    }),
  DescribeKey: key('DescribeKey'),
  DisableKey: key('DisableKey'),
  DisableKeyRotation: key('DisableKeyRotation'),
  EnableKey: key('EnableKey'),
  EnableKeyRotation: (input, call) =>
    onKey(call, 'EnableKeyRotation', input.KeyId, {
      'kms:RotationPeriodInDays': String(input.RotationPeriodInDays ?? 365),
    }),
  Encrypt: wrapping('Encrypt'),
  GenerateDataKey: wrapping('GenerateDataKey'),
  GenerateDataKeyPair: wrapping('GenerateDataKeyPair'),
  GenerateDataKeyPairWithoutPlaintext: wrapping('GenerateDataKeyPairWithoutPlaintext'),
  GenerateDataKeyWithoutPlaintext: wrapping('GenerateDataKeyWithoutPlaintext'),
  GenerateMac: mac('GenerateMac'),
  GenerateRandom: anywhere('GenerateRandom'),
  GetKeyPolicy: key('GetKeyPolicy'),
  GetKeyRotationStatus: key('GetKeyRotationStatus'),
  GetPublicKey: key('GetPublicKey'),
  ListAliases: anywhere('ListAliases'),
  ListGrants: key('ListGrants'),
  ListKeyPolicies: key('ListKeyPolicies'),
  ListKeyRotations: key('ListKeyRotations'),
  ListKeys: anywhere('ListKeys'),
  ListResourceTags: key('ListResourceTags'),
  ListRetirableGrants: anywhere('ListRetirableGrants'),
  PutKeyPolicy: (input, call) =>
    onKey(call, 'PutKeyPolicy', input.KeyId, {
      'kms:BypassPolicyLockoutSafetyCheck': told(input.BypassPolicyLockoutSafetyCheck),
    }),
  ReEncrypt: (input, call) => {
    const from = input.SourceKeyId ?? (input.CiphertextBlob && keyOfBlob(input.CiphertextBlob));
    const [source, target] = [from, input.DestinationKeyId].map((id) => onKey(call, '', id).resource);
    const same = { 'kms:ReEncryptOnSameKey': String(source === target) };
    return [
      ...opening(call, 'ReEncryptFrom', input.SourceKeyId, input.CiphertextBlob, {
        ...same,
        ...contextKeys(input.SourceEncryptionContext),
        'kms:EncryptionAlgorithm': input.SourceEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
      }),
      onKey(call, 'ReEncryptTo', input.DestinationKeyId, {
        ...same,
        ...contextKeys(input.DestinationEncryptionContext),
        'kms:EncryptionAlgorithm': input.DestinationEncryptionAlgorithm ?? 'SYMMETRIC_DEFAULT',
      }),
    ];
  },
  RetireGrant: toRetireGrant,
  RevokeGrant: key('RevokeGrant'),
  RotateKeyOnDemand: key('RotateKeyOnDemand'),
  ScheduleKeyDeletion: (input, call) =>
    onKey(call, 'ScheduleKeyDeletion', input.KeyId, {
      'kms:ScheduleKeyDeletionPendingWindowInDays': String(input.PendingWindowInDays ?? 30),
    }),
  Sign: signing('Sign'),
  TagResource: key('TagResource'),
  UntagResource: key('UntagResource'),
  UpdateAlias: (input, call) => onAlias(call, 'UpdateAlias', input.AliasName, input.TargetKeyId),
  UpdateKeyDescription: key('UpdateKeyDescription'),
  Verify: signing('Verify'),
  VerifyMac: mac('VerifyMac'),
};

export default access;
