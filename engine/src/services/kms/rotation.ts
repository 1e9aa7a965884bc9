import { AwsError, type Call, type Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import { checkState, findKeyById, refuseManaged } from './find-key';
import { randomBytes } from './specs';
import { invalidMarker, type Key, keyArn, stateOf } from './store';

const DAY = 86_400_000;
/** https://docs.aws.amazon.com/kms/latest/developerguide/limits.html */
const MOST_ON_DEMAND = 25;

function rotate(call: Call, key: Key, type: 'AUTOMATIC' | 'ON_DEMAND'): Key {
  const state = stateOf(call);
  const turned = {
    ...key,
    material: key.material + 1,
    rotations: [...key.rotations, { at: call.clock.now(), type }],
  };
  call.store.transaction(() => {
    state.materials.put([key.id, turned.material], { id: call.ids.hex(64), secret: randomBytes(call, 32) });
    state.keys.put(key.id, turned);
  });
  return turned;
}

/** Automatic rotation happens when a key is used and its day has come: nobody can tell the difference. */
export function rotateIfDue(call: Call, key: Key): Key {
  if (!key.rotation || key.rotation.next.getTime() > call.clock.millis()) return key;
  const turned = rotate(call, key, 'AUTOMATIC');
  const { days } = key.rotation;
  const current = { ...turned, rotation: { days, next: new Date(call.clock.millis() + days * DAY) } };
  stateOf(call).keys.put(key.id, current);
  return current;
}

function rotatable(call: Call, id: string): Key {
  const key = findKeyById(call, id);
  if (key.spec !== 'SYMMETRIC_DEFAULT') {
    throw new AwsError(
      'UnsupportedOperationException',
      `${keyArn(call, key.id)} is not a symmetric encryption key.`,
    );
  }
  return key;
}

export const enableKeyRotation: Operation<'kms', 'EnableKeyRotation'> = (input, call) => {
  const key = rotatable(call, input.KeyId!);
  refuseManaged(call, key);
  checkState(call, key);
  const days = input.RotationPeriodInDays ?? key.rotation?.days ?? 365;
  const next = new Date(call.clock.millis() + days * DAY);
  stateOf(call).keys.put(key.id, { ...key, rotation: { days, next } });
  return {};
};

export const disableKeyRotation: Operation<'kms', 'DisableKeyRotation'> = (input, call) => {
  const { rotation: _off, ...key } = rotatable(call, input.KeyId!);
  refuseManaged(call, key);
  checkState(call, key);
  stateOf(call).keys.put(key.id, key);
  return {};
};

export const getKeyRotationStatus: Operation<'kms', 'GetKeyRotationStatus'> = (input, call) => {
  const key = rotatable(call, input.KeyId!);
  checkState(call, key, true);
  return {
    KeyRotationEnabled: key.rotation !== undefined,
    KeyId: keyArn(call, key.id),
    ...(key.rotation ? { RotationPeriodInDays: key.rotation.days, NextRotationDate: key.rotation.next } : {}),
  };
};

export const rotateKeyOnDemand: Operation<'kms', 'RotateKeyOnDemand'> = (input, call) => {
  const key = rotatable(call, input.KeyId!);
  refuseManaged(call, key);
  checkState(call, key);
  if (key.rotations.filter(({ type }) => type === 'ON_DEMAND').length >= MOST_ON_DEMAND) {
    throw new AwsError(
      'LimitExceededException',
      `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${keyArn(call, key.id)}`,
    );
  }
  rotate(call, key, 'ON_DEMAND');
  return { KeyId: keyArn(call, key.id) };
};

export const listKeyRotations: Operation<'kms', 'ListKeyRotations'> = (input, call) => {
  const key = rotatable(call, input.KeyId!);
  const numbered = key.rotations.map((rotation, index) => ({
    ...rotation,
    index: String(index).padStart(6, '0'),
  }));
  const { items, next } = pageOfList(numbered, ({ index }) => index, {
    limit: input.Limit ?? 100,
    token: input.Marker,
    invalidToken: invalidMarker,
  });
  return {
    Rotations: items.map(({ at, type }) => ({
      KeyId: keyArn(call, key.id),
      RotationDate: at,
      RotationType: type,
    })),
    Truncated: next !== undefined,
    ...(next === undefined ? {} : { NextMarker: next }),
  };
};
