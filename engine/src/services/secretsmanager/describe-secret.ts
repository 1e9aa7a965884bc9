import type { Call, Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import { checkFilters, matches } from './filters';
import { nextRotation } from './schedule';
import { find, invalidToken, load, type Secret, stateOf, versionsOf } from './store';

function stagesOf(call: Call, name: string): Record<string, string[]> | undefined {
  const labelled = versionsOf(call, name).filter(({ stages }) => stages.length > 0);
  if (labelled.length === 0) return undefined;
  return Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages].sort()]));
}

function metadata(call: Call, secret: Secret) {
  const next = nextRotation(call, secret);
  return {
    ARN: secret.arn,
    Name: secret.name,
    ...(secret.description === undefined || secret.description === ''
      ? {}
      : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    ...(secret.rotation
      ? {
          RotationEnabled: secret.rotation.enabled,
          RotationLambdaARN: secret.rotation.lambda,
          RotationRules: secret.rotation.rules,
          ...(secret.rotation.last ? { LastRotatedDate: secret.rotation.last } : {}),
        }
      : {}),
    ...(next ? { NextRotationDate: next } : {}),
    LastChangedDate: secret.changed,
    ...(secret.accessed ? { LastAccessedDate: secret.accessed } : {}),
    ...(secret.deleted ? { DeletedDate: secret.deleted } : {}),
    ...(secret.tags.length > 0 ? { Tags: secret.tags } : {}),
    CreatedDate: secret.created,
  };
}

export const describeSecret: Operation<'secretsmanager', 'DescribeSecret'> = (input, call) => {
  const secret = find(call, input.SecretId!);
  const stages = stagesOf(call, secret.name);
  return { ...metadata(call, secret), ...(stages ? { VersionIdsToStages: stages } : {}) };
};

export const listSecrets: Operation<'secretsmanager', 'ListSecrets'> = (input, call) => {
  checkFilters(input.Filters);
  const direction = input.SortOrder === 'asc' ? 1 : -1;
  const secrets = [...stateOf(call).secrets.values()]
    .filter(({ name }) => load(call, name) !== undefined)
    .filter((secret) => input.IncludePlannedDeletion || !secret.deleted)
    .filter((secret) => matches(call, secret, input.Filters))
    .sort((a, b) => direction * (a.created.getTime() - b.created.getTime() || (a.name < b.name ? -1 : 1)));
  const { items, next } = pageOfList(secrets, ({ name }) => name, {
    limit: input.MaxResults ?? 100,
    token: input.NextToken,
    invalidToken,
  });
  return {
    SecretList: items.map((secret) => {
      const stages = stagesOf(call, secret.name);
      return { ...metadata(call, secret), ...(stages ? { SecretVersionsToStages: stages } : {}) };
    }),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

export const listSecretVersionIds: Operation<'secretsmanager', 'ListSecretVersionIds'> = (input, call) => {
  const secret = find(call, input.SecretId!);
  const versions = versionsOf(call, secret.name).filter(
    ({ stages }) => input.IncludeDeprecated || stages.length > 0,
  );
  const { items, next } = pageOfList(versions, ({ order }) => String(order).padStart(9, '0'), {
    limit: input.MaxResults ?? 100,
    token: input.NextToken,
    invalidToken,
  });
  return {
    Versions: items.map((version) => ({
      VersionId: version.id,
      ...(version.stages.length > 0 ? { VersionStages: [...version.stages].sort() } : {}),
      ...(version.accessed ? { LastAccessedDate: version.accessed } : {}),
      CreatedDate: version.created,
      KmsKeyIds: [version.sealed?.keyId ?? 'DefaultEncryptionKey'],
    })),
    ARN: secret.arn,
    Name: secret.name,
    ...(next === undefined ? {} : { NextToken: next }),
  };
};
