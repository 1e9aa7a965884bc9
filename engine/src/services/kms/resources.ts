import { defineResource, whileMaking } from '../../kernel';
import { resourceTags, type Tag, tagChanges, unlessGone } from '../../kernel/tags';

interface KeyProperties {
  BypassPolicyLockoutSafetyCheck?: boolean;
  Description?: string;
  Enabled?: boolean | string;
  EnableKeyRotation?: boolean | string;
  KeyPolicy?: unknown;
  KeySpec?: string;
  KeyUsage?: 'ENCRYPT_DECRYPT';
  MultiRegion?: boolean | string;
  Origin?: 'AWS_KMS';
  PendingWindowInDays?: number | string;
  RotationPeriodInDays?: number | string;
  Tags?: Tag[];
}

const GONE = ['NotFoundException', 'KMSInvalidStateException'];

function truth(value: boolean | string | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : String(value) === 'true';
}

function policyText(policy: unknown): string {
  return typeof policy === 'string' ? policy : JSON.stringify(policy);
}

function kmsTags(tags: readonly Tag[]) {
  return tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
}

const key = defineResource<KeyProperties>({
  type: 'AWS::KMS::Key',
  properties: {
    BypassPolicyLockoutSafetyCheck: true,
    Description: true,
    Enabled: true,
    EnableKeyRotation: true,
    KeyPolicy: true,
    KeySpec: true,
    KeyUsage: true,
    MultiRegion: true,
    Origin: true,
    PendingWindowInDays: true,
    RotationPeriodInDays: true,
    Tags: { Key: true, Value: true },
  },

  async create(resource) {
    const { call, properties } = resource;
    const { KeyMetadata } = await call.invoke('kms', 'CreateKey', {
      Description: properties.Description ?? '',
      KeySpec: (properties.KeySpec ?? 'SYMMETRIC_DEFAULT') as 'SYMMETRIC_DEFAULT',
      KeyUsage: properties.KeyUsage ?? 'ENCRYPT_DECRYPT',
      MultiRegion: truth(properties.MultiRegion, false),
      Origin: properties.Origin ?? 'AWS_KMS',
      Tags: kmsTags(resourceTags(resource, properties.Tags)),
      ...(properties.KeyPolicy === undefined ? {} : { Policy: policyText(properties.KeyPolicy) }),
      ...(properties.BypassPolicyLockoutSafetyCheck ? { BypassPolicyLockoutSafetyCheck: true } : {}),
    });
    const KeyId = KeyMetadata!.KeyId!;
    await whileMaking(KeyId, async () => {
      if (truth(properties.EnableKeyRotation, false)) {
        await call.invoke('kms', 'EnableKeyRotation', { KeyId, ...period(properties) });
      }
      if (!truth(properties.Enabled, true)) await call.invoke('kms', 'DisableKey', { KeyId });
    });
    return { physicalId: KeyId, attributes: { KeyId, Arn: KeyMetadata!.Arn } };
  },

  async update(resource) {
    const { call, properties, previous, physicalId: KeyId } = resource;
    // A disabled key takes no changes of its rotation: it is enabled first, and disabled last.
    await call.invoke('kms', 'EnableKey', { KeyId });
    if (properties.Description !== previous.Description) {
      await call.invoke('kms', 'UpdateKeyDescription', { KeyId, Description: properties.Description ?? '' });
    }
    if (properties.KeyPolicy !== undefined) {
      await call.invoke('kms', 'PutKeyPolicy', {
        KeyId,
        Policy: policyText(properties.KeyPolicy),
        ...(properties.BypassPolicyLockoutSafetyCheck ? { BypassPolicyLockoutSafetyCheck: true } : {}),
      });
    }
    const turns = truth(properties.EnableKeyRotation, false);
    const turned = truth(previous.EnableKeyRotation, false);
    if (turns && (!turned || properties.RotationPeriodInDays !== previous.RotationPeriodInDays)) {
      await call.invoke('kms', 'EnableKeyRotation', { KeyId, ...period(properties) });
    } else if (turned && !turns) {
      await call.invoke('kms', 'DisableKeyRotation', { KeyId });
    }
    const tags = tagChanges(previous.Tags, properties.Tags);
    if (tags.removed.length > 0) await call.invoke('kms', 'UntagResource', { KeyId, TagKeys: tags.removed });
    if (tags.set.length > 0) await call.invoke('kms', 'TagResource', { KeyId, Tags: kmsTags(tags.set) });
    if (!truth(properties.Enabled, true)) await call.invoke('kms', 'DisableKey', { KeyId });
    return { physicalId: KeyId, attributes: resource.attributes };
  },

  async delete({ call, properties, physicalId: KeyId }) {
    const PendingWindowInDays = Number(properties.PendingWindowInDays ?? 30);
    await unlessGone(call.invoke('kms', 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays }), ...GONE);
  },
});

function period(properties: KeyProperties) {
  if (properties.RotationPeriodInDays === undefined) return {};
  return { RotationPeriodInDays: Number(properties.RotationPeriodInDays) };
}

interface AliasProperties {
  AliasName: string;
  TargetKeyId: string;
}

const alias = defineResource<AliasProperties>({
  type: 'AWS::KMS::Alias',
  properties: { AliasName: true, TargetKeyId: true },

  async create({ call, properties }) {
    await call.invoke('kms', 'CreateAlias', properties);
    return { physicalId: properties.AliasName, attributes: { AliasName: properties.AliasName } };
  },

  async update({ call, properties, physicalId, attributes }) {
    await call.invoke('kms', 'UpdateAlias', properties);
    return { physicalId, attributes };
  },

  async delete({ call, physicalId }) {
    await unlessGone(call.invoke('kms', 'DeleteAlias', { AliasName: physicalId }), 'NotFoundException');
  },
});

export default [key, alias];
