import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { checkState, findKey, findKeyById, load, refuseManaged, stateName } from './find-key';
import { checkKeyPolicy, defaultPolicy } from './policies';
import { algorithmsOf, checkUsage, makeMaterial } from './specs';
import { invalidMarker, type Key, keyArn, stateOf } from './store';
import { checkTags } from './tags';

const DAY = 86_400_000;

export const createKey: Operation<'kms', 'CreateKey'> = async (input, call) => {
  if (input.Origin !== undefined && input.Origin !== 'AWS_KMS')
    throw notImplemented(`KMS keys of origin ${input.Origin}`);
  for (const option of ['CustomKeyStoreId', 'XksKeyId'] as const) {
    if (input[option] !== undefined) throw notImplemented(`KMS CreateKey ${option}`);
  }
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const usage = checkUsage(spec, input.KeyUsage);
  const tags = checkTags(call, input.Tags);
  if (input.Policy !== undefined) checkKeyPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck);
  const key: Key = {
    id: input.MultiRegion ? `mrk-${call.ids.hex(32)}` : call.ids.uuid(),
    spec,
    usage,
    manager: 'CUSTOMER',
    description: input.Description ?? '',
    created: call.clock.now(),
    enabled: true,
    multiRegion: input.MultiRegion ?? false,
    policy: input.Policy ?? defaultPolicy(call),
    material: 0,
    rotations: [],
    tags,
  };
  const secret = await makeMaterial(call, spec);
  call.store.transaction(() => {
    stateOf(call).keys.put(key.id, key);
    stateOf(call).materials.put([key.id, 0], { id: call.ids.hex(64), secret });
  });
  return { KeyMetadata: showKey(call, key) };
};

export const describeKey: Operation<'kms', 'DescribeKey'> = (input, call) => ({
  KeyMetadata: showKey(call, findKey(call, input.KeyId!)),
});

export const listKeys: Operation<'kms', 'ListKeys'> = (input, call) => {
  const { items, next } = pageOf(stateOf(call).keys, {
    limit: input.Limit ?? 100,
    token: input.Marker,
    invalidToken: invalidMarker,
    keep: ({ id }) => load(call, id) !== undefined,
  });
  return {
    Keys: items.map(({ id }) => ({ KeyId: id, KeyArn: keyArn(call, id) })),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};

function change(call: Call, id: string, changes: Partial<Key>): Key {
  const key = findKeyById(call, id);
  refuseManaged(call, key);
  checkState(call, key, true);
  const changed = { ...key, ...changes };
  stateOf(call).keys.put(key.id, changed);
  return changed;
}

export const enableKey: Operation<'kms', 'EnableKey'> = (input, call) => {
  change(call, input.KeyId!, { enabled: true });
  return {};
};

export const disableKey: Operation<'kms', 'DisableKey'> = (input, call) => {
  change(call, input.KeyId!, { enabled: false });
  return {};
};

export const updateKeyDescription: Operation<'kms', 'UpdateKeyDescription'> = (input, call) => {
  change(call, input.KeyId!, { description: input.Description! });
  return {};
};

/** https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html */
export const scheduleKeyDeletion: Operation<'kms', 'ScheduleKeyDeletion'> = (input, call) => {
  const window = input.PendingWindowInDays ?? 30;
  const deletion = new Date(call.clock.millis() + window * DAY);
  const key = change(call, input.KeyId!, { deletion, window, enabled: false });
  return {
    KeyId: keyArn(call, key.id),
    DeletionDate: deletion,
    KeyState: 'PendingDeletion',
    PendingWindowInDays: window,
  };
};

/** The key comes back disabled. */
export const cancelKeyDeletion: Operation<'kms', 'CancelKeyDeletion'> = (input, call) => {
  const { deletion, window: _window, ...key } = findKeyById(call, input.KeyId!);
  if (!deletion) {
    throw new AwsError('KMSInvalidStateException', `${keyArn(call, key.id)} is not pending deletion.`);
  }
  stateOf(call).keys.put(key.id, { ...key, enabled: false });
  return { KeyId: keyArn(call, key.id) };
};

function showKey(call: Call, key: Key) {
  const algorithms = [...algorithmsOf(key.spec, key.usage)];
  const arn = keyArn(call, key.id);
  const material = stateOf(call).materials.get([key.id, key.material]);
  return {
    AWSAccountId: call.account,
    KeyId: key.id,
    Arn: arn,
    CreationDate: key.created,
    Enabled: key.enabled && !key.deletion,
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: stateName(key),
    ...(key.deletion ? { DeletionDate: key.deletion } : {}),
    Origin: 'AWS_KMS' as const,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec as 'SYMMETRIC_DEFAULT',
    KeySpec: key.spec as 'SYMMETRIC_DEFAULT',
    ...(key.usage === 'ENCRYPT_DECRYPT' ? { EncryptionAlgorithms: algorithms as 'SYMMETRIC_DEFAULT'[] } : {}),
    ...(key.usage === 'SIGN_VERIFY' ? { SigningAlgorithms: algorithms as 'ECDSA_SHA_256'[] } : {}),
    ...(key.usage === 'GENERATE_VERIFY_MAC' ? { MacAlgorithms: algorithms as 'HMAC_SHA_256'[] } : {}),
    ...(key.usage === 'KEY_AGREEMENT' ? { KeyAgreementAlgorithms: algorithms as 'ECDH'[] } : {}),
    MultiRegion: key.multiRegion,
    ...(key.multiRegion
      ? {
          MultiRegionConfiguration: {
            MultiRegionKeyType: 'PRIMARY' as const,
            PrimaryKey: { Arn: arn, Region: call.region },
            ReplicaKeys: [],
          },
        }
      : {}),
    ...(key.spec === 'SYMMETRIC_DEFAULT' && material ? { CurrentKeyMaterialId: material.id } : {}),
  };
}
