import { AwsError, type Call, notImplemented, type Operation } from '../../kernel';
import { checkNewName } from './names';
import { DEFAULT_KEY, encrypt } from './secure';
import { newest, type ParameterType, stateOf, type Tier, type Version, validation } from './store';
import { checkTags } from './tags';

const KEPT_VERSIONS = 100;
const TIERS_PAGE =
  'https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';

type PutInput = Parameters<typeof putParameter>[0];

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
export const putParameter: Operation<'ssm', 'PutParameter'> = async (input, call) => {
  const name = input.Name!;
  checkNewName(call, name);
  if (input.Policies !== undefined && input.Policies !== '')
    throw notImplemented('SSM PutParameter Policies');
  if (input.Tags !== undefined && input.Tags.length > 0 && input.Overwrite) {
    throw validation(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  const tags = checkTags(call, input.Tags);
  const before = newest(call, name);
  if (before && !input.Overwrite) throw alreadyExists();
  const type = input.Type ?? before?.version.type;
  if (type === undefined) throw validation('A parameter type is required when you create a parameter.');
  const tier = tierOf(input, before?.version.tier);
  checkValue(input, type, before?.version);
  const keyId = type === 'SecureString' ? (input.KeyId ?? DEFAULT_KEY) : undefined;
  if (keyId === undefined && input.KeyId !== undefined) {
    throw validation('KeyId is required for SecureString type parameter only.');
  }
  const value = keyId === undefined ? input.Value! : await encrypt(call, name, input.Value!, keyId, tier);
  return store(call, input, { type, tier, value, keyId, tags });
};

/** All that happens after the last await, so that two writers cannot get the same version. */
function store(
  call: Call,
  input: PutInput,
  made: {
    type: ParameterType;
    tier: Tier;
    value: string;
    keyId: string | undefined;
    tags: ReturnType<typeof checkTags>;
  },
) {
  const state = stateOf(call);
  const name = input.Name!;
  const before = newest(call, name);
  if (before && !input.Overwrite) throw alreadyExists();
  if (!before && state.parameters.count() >= 10_000 && made.tier === 'Standard') {
    throw new AwsError(
      'ParameterLimitExceeded',
      'You have exceeded the number of parameters for this Amazon Web Services account. Delete one or more parameters and try again.',
    );
  }
  const number = (before?.parameter.latest ?? 0) + 1;
  if (number > KEPT_VERSIONS) makeRoom(call, name);
  const description = input.Description ?? before?.version.description;
  const allowedPattern = input.AllowedPattern ?? before?.version.allowedPattern;
  const version: Version = {
    version: number,
    type: made.type,
    value: made.value,
    dataType: input.DataType ?? before?.version.dataType ?? 'text',
    tier: made.tier,
    modified: call.clock.now(),
    modifiedBy: call.principal.arn,
    labels: [],
    ...(made.keyId === undefined ? {} : { keyId: made.keyId }),
    ...(description === undefined ? {} : { description }),
    ...(allowedPattern === undefined || allowedPattern === '' ? {} : { allowedPattern }),
  };
  call.store.transaction(() => {
    state.parameters.put(name, { name, latest: number, tags: before?.parameter.tags ?? made.tags });
    state.versions.put([name, number], version);
  });
  return { Version: number, Tier: made.tier };
}

function alreadyExists(): AwsError {
  return new AwsError(
    'ParameterAlreadyExists',
    'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
  );
}

function tierOf(input: PutInput, before: Tier | undefined): Tier {
  const long = Buffer.byteLength(input.Value!) > 4_096;
  const asked = input.Tier ?? before ?? 'Standard';
  const tier =
    asked === 'Intelligent-Tiering' ? (long || before === 'Advanced' ? 'Advanced' : 'Standard') : asked;
  if (tier === 'Standard' && before === 'Advanced') {
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  if (tier === 'Standard' && long) {
    throw validation(
      `Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see ${TIERS_PAGE}`,
    );
  }
  if (Buffer.byteLength(input.Value!) > 8_192) {
    throw validation(
      `Advanced tier parameters support a maximum parameter value of 8192 characters. For more information, see ${TIERS_PAGE}`,
    );
  }
  return tier === 'Advanced' ? 'Advanced' : 'Standard';
}

function checkValue(input: PutInput, type: ParameterType, before: Version | undefined): void {
  const value = input.Value!;
  if (value === '') {
    throw validation(
      "1 validation error detected: Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.",
    );
  }
  const dataType = input.DataType ?? 'text';
  if (dataType === 'aws:ec2:image' || dataType === 'aws:ssm:integration') {
    throw notImplemented(`SSM PutParameter DataType ${dataType}`);
  }
  if (dataType !== 'text') {
    throw validation(
      `The following data type is not supported: ${dataType} (Data type names are all lowercase.)`,
    );
  }
  if (type === 'StringList' && value.split(',').some((item) => item === '')) {
    throw validation('Parameter value can not have empty items in a StringList.');
  }
  const pattern = input.AllowedPattern ?? before?.allowedPattern;
  if (pattern === undefined || pattern === '') return;
  const values = type === 'StringList' ? value.split(',') : [value];
  if (!values.every((item) => matches(pattern, item))) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    );
  }
}

function matches(pattern: string, value: string): boolean {
  let expression: RegExp;
  try {
    expression = new RegExp(pattern);
  } catch {
    throw new AwsError(
      'InvalidAllowedPatternException',
      `The request does not meet the regular expression requirement: ${pattern}`,
    );
  }
  return expression.test(value);
}

/** A hundred versions are kept; the oldest goes unless a label holds it. */
function makeRoom(call: Call, name: string): void {
  const { versions } = stateOf(call);
  if (versions.count({ prefix: name }) < KEPT_VERSIONS) return;
  const [oldest] = versions.values({ prefix: name, limit: 1 });
  if (!oldest) return;
  if (oldest.labels.length > 0) {
    throw new AwsError(
      'ParameterMaxVersionLimitExceeded',
      `You attempted to create a new version of ${name} by calling the PutParameter API with the overwrite flag. Version ${oldest.version}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.`,
    );
  }
  versions.remove([name, oldest.version]);
}
