import { AwsError, type Call } from '../../kernel';
import { isManagedAlias, makeManagedKey } from './managed-keys';
import { aliasArn, type Key, keyArn, notFound, stateOf, type Usage } from './store';

const ID = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;

/** A key by its id, its ARN, an alias or an alias's ARN. */
export function findKey(call: Call, text: string): Key {
  const prefix = `arn:aws:kms:${call.region}:${call.account}:`;
  const name = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  if (name.startsWith('alias/')) return byAlias(call, name);
  const id = name.startsWith('key/') && text !== name ? name.slice(4) : name;
  if (text.startsWith('arn:')) {
    const key = text === name ? undefined : load(call, id);
    if (!key) {
      if (!/^arn:aws[a-z-]*:kms:[a-z0-9-]*:\d{12}:(key|alias)\//.test(text))
        throw notFound(`Invalid arn ${text}`);
      throw notFound(`Key '${text}' does not exist`);
    }
    return key;
  }
  if (!ID.test(id)) throw notFound(`Invalid keyId '${text}'`);
  const key = load(call, id);
  if (!key) throw notFound(`Key '${keyArn(call, id)}' does not exist`);
  return key;
}

/** The same for operations that take no alias. */
export function findKeyById(call: Call, text: string): Key {
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]*:\d{12}:alias\//.test(text)) {
    throw new AwsError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  }
  if (text.startsWith('alias/')) throw notFound(`Invalid keyId '${text}'`);
  return findKey(call, text);
}

function byAlias(call: Call, name: string): Key {
  const state = stateOf(call);
  const alias = state.aliases.get(name);
  const key = alias && load(call, alias.key);
  if (key) return key;
  // AWS's own keys come into being when something first wants them.
  if (isManagedAlias(name)) return makeManagedKey(call, name);
  throw notFound(`Alias ${aliasArn(call, name)} is not found.`);
}

/** A key whose waiting time is over is gone, with all that hangs on it. */
export function load(call: Call, id: string): Key | undefined {
  const state = stateOf(call);
  const key = state.keys.get(id);
  if (!key?.deletion || key.deletion.getTime() > call.clock.millis()) return key;
  call.store.transaction(() => {
    state.keys.remove(id);
    state.materials.clear({ prefix: id });
    state.grants.clear({ prefix: id });
    for (const alias of [...state.aliases.values()]) {
      if (alias.key === id) state.aliases.remove(alias.name);
    }
  });
  return undefined;
}

export function stateName(key: Key): 'Enabled' | 'Disabled' | 'PendingDeletion' {
  if (key.deletion) return 'PendingDeletion';
  return key.enabled ? 'Enabled' : 'Disabled';
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
export function checkState(call: Call, key: Key, allowDisabled = false): void {
  if (key.deletion) {
    throw new AwsError('KMSInvalidStateException', `${keyArn(call, key.id)} is pending deletion.`);
  }
  if (!key.enabled && !allowDisabled) {
    throw new AwsError('DisabledException', `${keyArn(call, key.id)} is disabled.`);
  }
}

/** A key that can do what `operation` wants of it, now. */
export function usableKey(call: Call, text: string, usage: Usage, operation: string): Key {
  const key = findKey(call, text);
  checkState(call, key);
  if (key.usage !== usage) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `${keyArn(call, key.id)} key usage is ${key.usage} which is not valid for ${operation}.`,
    );
  }
  return key;
}

/** Keys that AWS manages are AWS's to change. */
export function refuseManaged(call: Call, key: Key): void {
  if (key.manager !== 'AWS') return;
  throw new AwsError(
    'AccessDeniedException',
    `User: ${call.principal.arn} is not authorized to perform: kms:${call.operation} on resource: ${keyArn(call, key.id)} because no resource-based policy allows the kms:${call.operation} action`,
  );
}
