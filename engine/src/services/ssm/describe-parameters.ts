import type { Call, Operation } from '../../kernel';
import { pageOf, pageOfList } from '../../kernel/paging';
import { checkFilters, matchesFilters } from './filters';
import { parseReference } from './names';
import { decrypt } from './secure';
import {
  arnOf,
  invalidToken,
  newest,
  notFound,
  type Parameter,
  stateOf,
  type Version,
  validation,
} from './store';

const KEYS = ['Name', 'Path', 'Type', 'KeyId', 'Tier', 'Label', 'DataType', 'tag'];

function metadata(version: Version) {
  return {
    Type: version.type,
    ...(version.keyId === undefined ? {} : { KeyId: version.keyId }),
    LastModifiedDate: version.modified,
    LastModifiedUser: version.modifiedBy,
    ...(version.description === undefined ? {} : { Description: version.description }),
    ...(version.allowedPattern === undefined ? {} : { AllowedPattern: version.allowedPattern }),
    Version: version.version,
    Tier: version.tier,
    Policies: [],
    DataType: version.dataType,
  };
}

export const describeParameters: Operation<'ssm', 'DescribeParameters'> = (input, call) => {
  if (input.Filters?.length && input.ParameterFilters?.length) {
    throw validation('You can use either Filters or ParameterFilters in a single request.');
  }
  const filters =
    input.ParameterFilters ??
    input.Filters?.map(({ Key, Values }) => ({
      Key,
      Values,
      // The old filters of a name match its beginning.
      Option: Key === 'Name' ? 'BeginsWith' : 'Equals',
    }));
  checkFilters(filters, KEYS);
  if (input.Shared) return { Parameters: [] };
  const { items, next } = pageOf<Parameter>(stateOf(call).parameters, {
    limit: input.MaxResults ?? 50,
    token: input.NextToken,
    invalidToken,
    keep: ({ name }) => matchesFilters(call, name, filters, KEYS),
  });
  return {
    Parameters: items.map(({ name }) => describe(call, name)),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

function describe(call: Call, name: string) {
  const { version } = newest(call, name)!;
  return { Name: name, ARN: arnOf(call, name), ...metadata(version) };
}

export const getParameterHistory: Operation<'ssm', 'GetParameterHistory'> = async (input, call) => {
  const { name } = parseReference(input.Name!);
  if (!newest(call, name)) throw notFound();
  const versions = [...stateOf(call).versions.values({ prefix: name })];
  const { items, next } = pageOfList(versions, (version) => String(version.version).padStart(12, '0'), {
    limit: input.MaxResults ?? 50,
    token: input.NextToken,
    invalidToken,
  });
  const Parameters = [];
  for (const version of items) {
    const secret = version.type === 'SecureString' && input.WithDecryption;
    Parameters.push({
      Name: name,
      ...metadata(version),
      Value: secret ? await decrypt(call, name, version) : version.value,
      Labels: version.labels,
    });
  }
  return { Parameters, ...(next === undefined ? {} : { NextToken: next }) };
};
