import { isAwsError, type Operation } from '../../kernel';
import { awaitRotation } from './rotation-timers';
import { find, findLive, forget, invalidParameter, stateOf } from './store';

const DAY = 86_400_000;

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
export const deleteSecret: Operation<'secretsmanager', 'DeleteSecret'> = (input, call) => {
  const force = input.ForceDeleteWithoutRecovery ?? false;
  const window = input.RecoveryWindowInDays;
  if (force && window !== undefined) {
    throw invalidParameter(
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (window !== undefined && (window < 7 || window > 30)) {
    throw invalidParameter('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  }
  const now = call.clock.now();
  if (force) {
    try {
      const secret = find(call, input.SecretId!);
      forget(call, secret.name);
      return { ARN: secret.arn, Name: secret.name, DeletionDate: now };
    } catch (error) {
      // Forcing the deletion of what is not there is no error.
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
      const id = input.SecretId!;
      const arn = id.startsWith('arn:')
        ? id
        : `arn:aws:secretsmanager:${call.region}:${call.account}:secret:${id}`;
      return { ARN: arn, Name: id, DeletionDate: now };
    }
  }
  const secret = findLive(call, input.SecretId!);
  const deletion = new Date(call.clock.millis() + (window ?? 30) * DAY);
  stateOf(call).secrets.put(secret.name, { ...secret, deleted: now, deletion });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: deletion };
};

export const restoreSecret: Operation<'secretsmanager', 'RestoreSecret'> = (input, call) => {
  const { deleted: _deleted, deletion: _deletion, ...secret } = find(call, input.SecretId!);
  stateOf(call).secrets.put(secret.name, secret);
  awaitRotation(call, secret);
  return { ARN: secret.arn, Name: secret.name };
};
