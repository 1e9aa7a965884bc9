import type { Operation } from '../../kernel';
import { CURRENT, findLive, invalidParameter, notFound, stateOf, versionWith } from './store';
import { moveStages } from './values';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html */
export const updateSecretVersionStage: Operation<'secretsmanager', 'UpdateSecretVersionStage'> = (
  input,
  call,
) => {
  const secret = findLive(call, input.SecretId!);
  const { versions } = stateOf(call);
  const stage = input.VersionStage!;
  const holder = versionWith(call, secret.name, stage);
  const { RemoveFromVersionId: from, MoveToVersionId: to } = input;
  if (from === undefined && to === undefined) {
    throw invalidParameter('You must specify RemoveFromVersionId or MoveToVersionId.');
  }
  for (const id of [from, to]) {
    if (id !== undefined && !versions.has([secret.name, id])) {
      throw notFound(`Secrets Manager can't find the specified secret version: ${id}.`);
    }
  }
  if (from !== undefined && holder?.id !== from) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be ${from}. Staging label ${stage} is not attached to that version.`,
    );
  }
  if (to === undefined && stage === CURRENT) {
    throw invalidParameter(
      "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
    );
  }
  if (to !== undefined && holder && holder.id !== to && from === undefined) {
    throw invalidParameter(
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
  call.store.transaction(() => {
    if (to !== undefined) {
      moveStages(call, secret.name, to, [stage]);
      const target = versions.get([secret.name, to])!;
      // Whoever becomes current is previous no longer: moveStages gave that label to the one before.
      const kept = target.stages.filter(
        (held) => held !== stage && !(stage === CURRENT && held === 'AWSPREVIOUS' && holder?.id !== to),
      );
      versions.put([secret.name, to], { ...target, stages: [...kept, stage].sort() });
    } else if (holder) {
      versions.put([secret.name, holder.id], {
        ...holder,
        stages: holder.stages.filter((held) => held !== stage),
      });
    }
    stateOf(call).secrets.put(secret.name, { ...secret, changed: call.clock.now() });
  });
  return { ARN: secret.arn, Name: secret.name };
};
