import { type Call, isAwsError, type Operation } from '../../kernel';
import { pageOf } from '../../kernel/paging';
import { matchesFilters } from './filters';
import { type Found, resolve } from './names';
import { decrypt } from './secure';
import { arnOf, invalidToken, type Parameter, stateOf, validation } from './store';

async function show(call: Call, found: Found, withDecryption: boolean | undefined) {
  const { name, version, selector } = found;
  const secret = version.type === 'SecureString' && withDecryption;
  return {
    Name: name,
    Type: version.type,
    Value: secret ? await decrypt(call, name, version) : version.value,
    Version: version.version,
    ...(selector === undefined ? {} : { Selector: selector }),
    LastModifiedDate: version.modified,
    ARN: arnOf(call, name),
    DataType: version.dataType,
  };
}

export const getParameter: Operation<'ssm', 'GetParameter'> = async (input, call) => ({
  Parameter: await show(call, resolve(call, input.Name!), input.WithDecryption),
});

/** Names that stand for nothing are told, and the others are given all the same. */
export const getParameters: Operation<'ssm', 'GetParameters'> = async (input, call) => {
  const Parameters = [];
  const InvalidParameters: string[] = [];
  for (const name of new Set(input.Names!)) {
    try {
      Parameters.push(await show(call, resolve(call, name), input.WithDecryption));
    } catch (error) {
      if (!isAwsError(error, 'ParameterNotFound', 'ParameterVersionNotFound')) throw error;
      InvalidParameters.push(name);
    }
  }
  Parameters.sort((a, b) => (a.Name < b.Name ? -1 : a.Name > b.Name ? 1 : 0));
  return { Parameters, InvalidParameters };
};

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
export const getParametersByPath: Operation<'ssm', 'GetParametersByPath'> = async (input, call) => {
  const path = checkPath(input.Path!);
  const { items, next } = pageOf<Parameter>(stateOf(call).parameters, {
    limit: input.MaxResults ?? 10,
    token: input.NextToken,
    invalidToken,
    start: path,
    // '0' is the character behind '/': the range is all that begins with the path.
    end: `${path.slice(0, -1)}0`,
    keep: ({ name }) => {
      if (!name.startsWith(path)) return false;
      if (!input.Recursive && name.indexOf('/', path.length) >= 0) return false;
      return matchesFilters(call, name, input.ParameterFilters, BY_PATH);
    },
  });
  const Parameters = [];
  for (const { name } of items) {
    Parameters.push(await show(call, resolve(call, name), input.WithDecryption));
  }
  return { Parameters, ...(next === undefined ? {} : { NextToken: next }) };
};

const BY_PATH = ['Type', 'KeyId', 'Label'];

/** The path with a slash at its end. */
function checkPath(path: string): string {
  if (!path.startsWith('/') || path.includes('//') || !/^[A-Za-z0-9_.\-/]+$/.test(path)) {
    throw validation(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
    );
  }
  return path.endsWith('/') ? path : `${path}/`;
}
