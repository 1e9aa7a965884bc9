import { defineService } from '../../kernel';
import { createSecret, updateSecret } from './create-secret';
import { accountOf } from './cross-account';
import { deleteSecret, restoreSecret } from './delete-secret';
import { describeSecret, listSecrets, listSecretVersionIds } from './describe-secret';
import { batchGetSecretValue, getSecretValue } from './get-value';
import {
  deleteResourcePolicy,
  getResourcePolicy,
  putResourcePolicy,
  validateResourcePolicy,
} from './policies';
import { putSecretValue } from './put-value';
import { getRandomPassword } from './random-password';
import { cancelRotateSecret, rotateSecret } from './rotate';
import { forgetRotations, resumeRotations } from './rotation-timers';
import { updateSecretVersionStage } from './stages';
import { tagResource, untagResource } from './tags';

export default defineService({
  name: 'secretsmanager',
  operations: {
    BatchGetSecretValue: batchGetSecretValue,
    CancelRotateSecret: cancelRotateSecret,
    CreateSecret: createSecret,
    DeleteResourcePolicy: deleteResourcePolicy,
    DeleteSecret: deleteSecret,
    DescribeSecret: describeSecret,
    GetRandomPassword: getRandomPassword,
    GetResourcePolicy: getResourcePolicy,
    GetSecretValue: getSecretValue,
    ListSecretVersionIds: listSecretVersionIds,
    ListSecrets: listSecrets,
    PutResourcePolicy: putResourcePolicy,
    PutSecretValue: putSecretValue,
    RestoreSecret: restoreSecret,
    RotateSecret: rotateSecret,
    TagResource: tagResource,
    UntagResource: untagResource,
    UpdateSecret: updateSecret,
    UpdateSecretVersionStage: updateSecretVersionStage,
    ValidateResourcePolicy: validateResourcePolicy,
  },
  start: resumeRotations,
  stop: forgetRotations,
  accountOf,
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
});
