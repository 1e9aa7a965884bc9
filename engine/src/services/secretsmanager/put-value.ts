import { notImplemented, type Operation } from '../../kernel';
import { sameValue, tokenInUse, tokenOf } from './create-secret';
import { CURRENT, findLive, invalidParameter, stateOf, versionsOf } from './store';
import { checkValue, hasValue, putVersion, sealValue } from './values';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html */
export const putSecretValue: Operation<'secretsmanager', 'PutSecretValue'> = async (input, call) => {
  if (input.RotationToken !== undefined) throw notImplemented('Secrets Manager PutSecretValue RotationToken');
  const token = tokenOf(input);
  checkValue(input);
  const secret = findLive(call, input.SecretId!);
  if (!hasValue(input)) throw invalidParameter('You must provide either SecretString or SecretBinary.');
  const { name } = secret;
  const held = stateOf(call).versions.get([name, token]);
  if (held?.sealed) {
    if (!(await sameValue(call, secret, token, input))) throw tokenInUse(secret, token);
    return { ARN: secret.arn, Name: name, VersionId: token, VersionStages: [...held.stages].sort() };
  }
  const sealed = await sealValue(call, secret, token, input);
  findLive(call, name);
  const stages = new Set(input.VersionStages ?? [CURRENT]);
  // The first version of a secret is current, whatever it is called.
  if (versionsOf(call, name).every((version) => !version.sealed)) stages.add(CURRENT);
  const version = putVersion(call, name, {
    id: token,
    created: call.clock.now(),
    stages: [...stages].sort(),
    sealed,
  });
  return { ARN: secret.arn, Name: name, VersionId: token, VersionStages: version.stages };
};
