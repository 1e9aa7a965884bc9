import { defineService } from '../../kernel';
import { createAlias, deleteAlias, listAliases, updateAlias } from './aliases';
import { accountOf } from './cross-account';
import {
  generateDataKey,
  generateDataKeyPair,
  generateDataKeyPairWithoutPlaintext,
  generateDataKeyWithoutPlaintext,
  generateRandom,
} from './data-keys';
import { decrypt, encrypt, reEncrypt } from './encrypt';
import { withTokens } from './grant-tokens';
import { createGrant, listGrants, listRetirableGrants, retireGrant, revokeGrant } from './grants';
import {
  cancelKeyDeletion,
  createKey,
  describeKey,
  disableKey,
  enableKey,
  listKeys,
  scheduleKeyDeletion,
  updateKeyDescription,
} from './keys';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './policies';
import {
  disableKeyRotation,
  enableKeyRotation,
  getKeyRotationStatus,
  listKeyRotations,
  rotateKeyOnDemand,
} from './rotation';
import { deriveSharedSecret, generateMac, getPublicKey, sign, verify, verifyMac } from './sign';
import { listResourceTags, tagResource, untagResource } from './tags';

export default defineService({
  name: 'kms',
  operations: {
    CancelKeyDeletion: cancelKeyDeletion,
    CreateAlias: createAlias,
    CreateGrant: withTokens(createGrant),
    CreateKey: createKey,
    Decrypt: withTokens(decrypt),
    DeleteAlias: deleteAlias,
    DeriveSharedSecret: withTokens(deriveSharedSecret),
    DescribeKey: withTokens(describeKey),
    DisableKey: disableKey,
    DisableKeyRotation: disableKeyRotation,
    EnableKey: enableKey,
    EnableKeyRotation: enableKeyRotation,
    Encrypt: withTokens(encrypt),
    GenerateDataKey: withTokens(generateDataKey),
    GenerateDataKeyPair: withTokens(generateDataKeyPair),
    GenerateDataKeyPairWithoutPlaintext: withTokens(generateDataKeyPairWithoutPlaintext),
    GenerateDataKeyWithoutPlaintext: withTokens(generateDataKeyWithoutPlaintext),
    GenerateMac: withTokens(generateMac),
    GenerateRandom: generateRandom,
    GetKeyPolicy: getKeyPolicy,
    GetKeyRotationStatus: getKeyRotationStatus,
    GetPublicKey: withTokens(getPublicKey),
    ListAliases: listAliases,
    ListGrants: listGrants,
    ListKeyPolicies: listKeyPolicies,
    ListKeyRotations: listKeyRotations,
    ListKeys: listKeys,
    ListResourceTags: listResourceTags,
    ListRetirableGrants: listRetirableGrants,
    PutKeyPolicy: putKeyPolicy,
    ReEncrypt: withTokens(reEncrypt),
    RetireGrant: retireGrant,
    RevokeGrant: revokeGrant,
    RotateKeyOnDemand: rotateKeyOnDemand,
    ScheduleKeyDeletion: scheduleKeyDeletion,
    Sign: withTokens(sign),
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateAlias: updateAlias,
    UpdateKeyDescription: updateKeyDescription,
    Verify: withTokens(verify),
    VerifyMac: withTokens(verifyMac),
  },
  accountOf,
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
});
