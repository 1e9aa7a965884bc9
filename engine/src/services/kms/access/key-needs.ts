import { type Call, isAwsError, type Needed, parseArn } from '../../../kernel';
import { findKey } from '../find-key';
import { isManagedAlias, managedPolicy } from '../managed-keys';
import { aliasArn, type Key, keyArn, stateOf } from '../store';
import { policyWithGrants } from './grants';

export type Keys = NonNullable<Needed['keys']>;

/** A need on a key, whichever way the request names it. */
export function onKey(call: Call, action: string, text: string | undefined, keys: Keys = {}): Needed {
  const alias = aliasIn(call, text ?? '');
  const key = look(call, text ?? '');
  const needed = {
    action: `kms:${action}`,
    keys: { ...ofRequest(call), 'kms:RequestAlias': alias, ...(key ? ofKey(call, key) : {}), ...keys },
  };
  if (key) {
    return {
      ...needed,
      resource: keyArn(call, key.id),
      tags: () => Object.fromEntries(key.tags.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
      policy: { text: policyWithGrants(call, key), rule: 'required' },
    };
  }
  if (alias !== undefined && isManagedAlias(alias)) {
    // AWS's own key that nobody has used yet: it comes into being with the first call that is allowed.
    const policy = { text: managedPolicy(call, alias), rule: 'required' as const };
    return { ...needed, resource: aliasArn(call, alias), policy };
  }
  return { ...needed, resource: wouldBe(call, text ?? '') };
}

function aliasIn(call: Call, text: string): string | undefined {
  const prefix = `arn:aws:kms:${call.region}:${call.account}:`;
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  return name.startsWith('alias/') ? name : undefined;
}

function look(call: Call, text: string): Key | undefined {
  const alias = aliasIn(call, text);
  if (alias !== undefined && !stateOf(call).aliases.has(alias)) return undefined;
  try {
    return findKey(call, text);
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

function wouldBe(call: Call, text: string): string {
  if (parseArn(text)) return text;
  return text.startsWith('alias/') ? aliasArn(call, text) : keyArn(call, text);
}

/** What an operation without a key, or on an alias, needs: no policy hangs there. */
export function onNoKey(call: Call, action: string, resource: string, keys: Keys = {}): Needed {
  return {
    action: `kms:${action}`,
    resource,
    keys: { ...ofRequest(call), ...keys },
    ...(resource === '*' ? { where: 'on resource: *' } : {}),
  };
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html */
function ofRequest(call: Call): Keys {
  const service = call.principal.calledVia?.at(-1)?.replace(/\.amazonaws\.com$/, '');
  return {
    'kms:CallerAccount': call.principal.account,
    'kms:ViaService': service && `${service}.${call.region}.amazonaws.com`,
  };
}

function ofKey(call: Call, key: Key): Keys {
  return {
    'kms:KeySpec': key.spec,
    'kms:KeyUsage': key.usage,
    'kms:KeyOrigin': 'AWS_KMS',
    'kms:MultiRegion': String(key.multiRegion),
    ...(key.multiRegion ? { 'kms:MultiRegionKeyType': 'PRIMARY' } : {}),
    'kms:ResourceAliases': () =>
      [...stateOf(call).aliases.values()].filter((alias) => alias.key === key.id).map(({ name }) => name),
  };
}

/** The keys that an encryption context gives. */
export function contextKeys(context: Record<string, string> | undefined): Keys {
  const pairs = Object.entries(context ?? {});
  if (pairs.length === 0) return {};
  return {
    'kms:EncryptionContextKeys': pairs.map(([key]) => key),
    ...Object.fromEntries(pairs.map(([key, value]) => [`kms:EncryptionContext:${key}`, value])),
  };
}
