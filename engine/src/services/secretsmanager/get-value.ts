import { type Call, isAwsError, type Operation } from '../../kernel';
import { pageOfList } from '../../kernel/paging';
import { checkFilters, matches } from './filters';
import {
  CURRENT,
  findLive,
  invalidParameter,
  invalidRequest,
  invalidToken,
  load,
  notFound,
  type Secret,
  stateOf,
  type Version,
  versionWith,
} from './store';
import { openValue } from './values';

const DAY = 86_400_000;

function chooseVersion(
  call: Call,
  secret: Secret,
  id: string | undefined,
  stage: string | undefined,
): Version {
  if (id !== undefined) {
    const version = stateOf(call).versions.get([secret.name, id]);
    if (!version)
      throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
    if (stage !== undefined && !version.stages.includes(stage)) {
      throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.');
    }
    if (!version.sealed)
      throw notFound(`Secrets Manager can't find the specified secret value for VersionId: ${id}`);
    return version;
  }
  const label = stage ?? CURRENT;
  const version = versionWith(call, secret.name, label);
  if (!version?.sealed) {
    throw notFound(`Secrets Manager can't find the specified secret value for staging label: ${label}`);
  }
  return version;
}

/** The day is remembered on which a value was last read, not the hour. */
function remember(call: Call, secret: Secret, version: Version): void {
  const today = new Date(call.clock.millis() - (call.clock.millis() % DAY));
  const state = stateOf(call);
  const current = state.secrets.get(secret.name);
  if (current && current.accessed?.getTime() !== today.getTime()) {
    state.secrets.put(secret.name, { ...current, accessed: today });
  }
  const held = state.versions.get([secret.name, version.id]);
  if (held && held.accessed?.getTime() !== today.getTime()) {
    state.versions.put([secret.name, version.id], { ...held, accessed: today });
  }
}

async function readValue(call: Call, secret: Secret, version: Version) {
  const value = await openValue(call, secret, version);
  remember(call, secret, version);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    ...value,
    VersionStages: [...version.stages].sort(),
    CreatedDate: version.created,
  };
}

export const getSecretValue: Operation<'secretsmanager', 'GetSecretValue'> = (input, call) => {
  const secret = findLive(call, input.SecretId!);
  return readValue(call, secret, chooseVersion(call, secret, input.VersionId, input.VersionStage));
};

export const batchGetSecretValue: Operation<'secretsmanager', 'BatchGetSecretValue'> = async (
  input,
  call,
) => {
  if ((input.SecretIdList === undefined) === (input.Filters === undefined)) {
    throw invalidParameter('You must include either Filters or SecretIdList, but not both.');
  }
  if (input.SecretIdList !== undefined && (input.MaxResults !== undefined || input.NextToken !== undefined)) {
    throw invalidParameter("You can't use MaxResults or NextToken with SecretIdList.");
  }
  let ids = input.SecretIdList ?? [];
  let next: string | undefined;
  if (input.Filters) {
    checkFilters(input.Filters);
    const names = [...stateOf(call).secrets.values()]
      .filter(({ name }) => load(call, name) !== undefined)
      .filter((secret) => !secret.deleted && matches(call, secret, input.Filters))
      .map(({ name }) => name);
    const page = pageOfList(names, (name) => name, {
      limit: input.MaxResults ?? 20,
      token: input.NextToken,
      invalidToken,
    });
    ids = page.items;
    next = page.next;
  }
  const SecretValues = [];
  const Errors = [];
  for (const SecretId of ids) {
    try {
      // Each needs the permission that it would need by itself.
      SecretValues.push(await call.invoke('secretsmanager', 'GetSecretValue', { SecretId }));
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Errors.push({ SecretId, ErrorCode: error.code, Message: error.message });
    }
  }
  return { SecretValues, Errors, ...(next === undefined ? {} : { NextToken: next }) };
};
