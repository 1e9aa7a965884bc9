import { AwsError, type Call, notImplemented } from '../../kernel';
import { arnOf, newest, notFound, stateOf, type Version, validation } from './store';

const SUBPATHS =
  'If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_';

/** Names that may be made. https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export function checkNewName(call: Call, name: string): void {
  const bare = name.toLowerCase().replace(/^\//, '');
  const isPath = name.lastIndexOf('/') > 0;
  if (bare.startsWith('aws') || bare.startsWith('ssm')) {
    if (bare.startsWith('aws') && isPath) {
      throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${name}.`);
    }
    throw validation(
      isPath
        ? `Parameter name: can't be prefixed with "ssm" (case-insensitive). ${SUBPATHS}`
        : 'Parameter name: can\'t be prefixed with "aws" or "ssm" (case-insensitive).',
    );
  }
  if (!/^[A-Za-z0-9_.\-/]+$/.test(name) || name.endsWith('/') || name.includes('//')) {
    throw validation(`Parameter name: can't be prefixed with "aws" or "ssm" (case-insensitive). ${SUBPATHS}`);
  }
  if (isPath && !name.startsWith('/')) {
    throw validation(
      `Parameter name must be a fully qualified name: a name with a hierarchy has to begin with "/". Parameter name: ${name}`,
    );
  }
  if (name.split('/').length - 1 > 15) {
    throw new AwsError(
      'HierarchyLevelLimitExceededException',
      'A hierarchy can have a maximum of 15 levels. Create the parameter at a higher level of the hierarchy.',
    );
  }
  if (arnOf(call, name).length > 1_011) {
    throw validation('Parameter name is too long: name and the ARN in front of it may have 1011 characters.');
  }
}

/** A name as readers give it: maybe an ARN, maybe with `:version` or `:label` behind it. */
export function parseReference(text: string): { name: string; selector?: string } {
  let rest = text;
  if (text.startsWith('arn:')) {
    const at = text.indexOf(':parameter/');
    if (at < 0) throw validation(`Invalid parameter ARN: ${text}`);
    const path = text.slice(at + ':parameter'.length);
    // An ARN has a slash in front of a name that has none of its own.
    rest = path.split(':')[0]!.lastIndexOf('/') > 0 ? path : path.slice(1);
  }
  const colon = rest.indexOf(':');
  if (colon < 0) return { name: rest };
  return { name: rest.slice(0, colon), selector: rest.slice(colon + 1) };
}

export interface Found {
  name: string;
  version: Version;
  selector?: string;
}

/** What a reader's name stands for, or ParameterNotFound. */
export function resolve(call: Call, text: string): Found {
  const { name, selector } = parseReference(text);
  if (name.startsWith('/aws/service/') || name.startsWith('/aws/reference/')) {
    throw notImplemented(`SSM public and reference parameters (${name})`);
  }
  const found = newest(call, name);
  if (!found) throw notFound();
  if (selector === undefined) return { name, version: found.version };
  if (/^\d+$/.test(selector)) {
    const version = stateOf(call).versions.get([name, Number(selector)]);
    if (version) return { name, version, selector: `:${selector}` };
    throw versionNotFound(name, `version ${selector}`);
  }
  for (const version of stateOf(call).versions.values({ prefix: name, reverse: true })) {
    if (version.labels.includes(selector)) return { name, version, selector: `:${selector}` };
  }
  throw versionNotFound(name, `label ${selector}`);
}

export function versionNotFound(name: string, what: string): AwsError {
  return new AwsError(
    'ParameterVersionNotFound',
    `Systems Manager could not find ${what} of ${name}. Verify the version and try again.`,
  );
}
