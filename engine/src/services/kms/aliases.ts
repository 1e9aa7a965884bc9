import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { checkState, findKey } from './find-key';
import { type Alias, aliasArn, invalidMarker, notFound, stateOf, validation } from './store';

function checkName(name: string): void {
  if (!name.startsWith('alias/')) {
    throw validation(
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws/')) throw new AwsError('NotAuthorizedException', '');
  if (!/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    throw validation(
      `1 validation error detected: Value '${name}' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$`,
    );
  }
}

/** An alias names a key by its id or ARN, never by another alias. */
function target(call: Call, id: string) {
  if (id.includes('alias/')) throw validation('Aliases must refer to keys. Not aliases');
  const key = findKey(call, id);
  checkState(call, key, true);
  if (key.manager === 'AWS') throw new AwsError('NotAuthorizedException', '');
  return key;
}

export const createAlias: Operation<'kms', 'CreateAlias'> = (input, call) => {
  const name = input.AliasName!;
  checkName(name);
  const key = target(call, input.TargetKeyId!);
  const { aliases } = stateOf(call);
  if (aliases.has(name)) {
    throw new AwsError(
      'AlreadyExistsException',
      `An alias with the name ${aliasArn(call, name)} already exists`,
    );
  }
  const now = call.clock.now();
  aliases.put(name, { name, key: key.id, created: now, updated: now });
  return {};
};

function find(call: Call, name: string): Alias {
  const alias = stateOf(call).aliases.get(name);
  if (!alias) throw notFound(`Alias ${aliasArn(call, name)} is not found.`);
  return alias;
}

export const updateAlias: Operation<'kms', 'UpdateAlias'> = (input, call) => {
  checkName(input.AliasName!);
  const alias = find(call, input.AliasName!);
  const key = target(call, input.TargetKeyId!);
  const old = stateOf(call).keys.get(alias.key);
  if (
    old &&
    (old.usage !== key.usage || (old.spec === 'SYMMETRIC_DEFAULT') !== (key.spec === 'SYMMETRIC_DEFAULT'))
  ) {
    throw validation('The current and new KMS keys must be the same type and have the same key usage.');
  }
  stateOf(call).aliases.put(alias.name, { ...alias, key: key.id, updated: call.clock.now() });
  return {};
};

export const deleteAlias: Operation<'kms', 'DeleteAlias'> = (input, call) => {
  checkName(input.AliasName!);
  stateOf(call).aliases.remove(find(call, input.AliasName!).name);
  return {};
};

export const listAliases: Operation<'kms', 'ListAliases'> = (input, call) => {
  const key = input.KeyId === undefined ? undefined : findKey(call, input.KeyId).id;
  const { items, next } = pageOf(stateOf(call).aliases, {
    limit: input.Limit ?? 100,
    token: input.Marker,
    invalidToken: invalidMarker,
    keep: (alias) => key === undefined || alias.key === key,
  });
  return {
    Aliases: items.map((alias) => ({
      AliasName: alias.name,
      AliasArn: aliasArn(call, alias.name),
      TargetKeyId: alias.key,
      CreationDate: alias.created,
      LastUpdatedDate: alias.updated,
    })),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
