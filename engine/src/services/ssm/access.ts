import { type Access, arn, type Call, isAwsError, type Needed, parseArn } from '../../kernel';
import { parseReference } from './names';
import { stateOf } from './store';

type Keys = NonNullable<Needed['keys']>;

/** A parameter by its name or ARN, with a version or label behind it or not. Public ones belong to no account. */
function onParameter(call: Call, action: string, text: string | undefined, keys: Keys = {}): Needed {
  const name = nameOf(text ?? '');
  const parsed = text?.startsWith('arn:') ? parseArn(text) : undefined;
  const owner = parsed?.account ?? (name.startsWith('/aws/service/') ? '' : call.account);
  const path = name.startsWith('/') ? name : `/${name}`;
  return {
    action: `ssm:${action}`,
    resource: arn('ssm', parsed?.region ?? call.region, owner, `parameter${path}`),
    keys,
    tags: () =>
      Object.fromEntries((stateOf(call).parameters.get(name)?.tags ?? []).map((tag) => [tag.Key, tag.Value])),
    owner: owner || call.account,
  };
}

function nameOf(text: string): string {
  try {
    return parseReference(text).name;
  } catch (error) {
    // The operation says what is wrong with it.
    if (isAwsError(error)) return text;
    throw error;
  }
}

const named =
  (action: string) =>
  (input: { Name?: string | undefined }, call: Call): Needed =>
    onParameter(call, action, input.Name);

const eachNamed =
  (action: string) =>
  (input: { Names?: string[] | undefined }, call: Call): Needed[] =>
    (input.Names ?? []).map((name) => onParameter(call, action, name));

const byId =
  (action: string) =>
  (input: { ResourceId?: string | undefined }, call: Call): Needed =>
    onParameter(call, action, input.ResourceId);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
const access: Access<'ssm'> = {
  AddTagsToResource: byId('AddTagsToResource'),
  DeleteParameter: named('DeleteParameter'),
  DeleteParameters: eachNamed('DeleteParameters'),
  // Knows no resources: a refusal names the whole account.
  DescribeParameters: (_input, call) => ({
    action: 'ssm:DescribeParameters',
    resource: '*',
    where: `on resource: ${arn('ssm', call.region, call.account, '*')}`,
  }),
  GetParameter: named('GetParameter'),
  GetParameterHistory: named('GetParameterHistory'),
  GetParameters: eachNamed('GetParameters'),
  // Whoever may read a path may read all below it, also what is denied by itself.
  // https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
  GetParametersByPath: (input, call) =>
    onParameter(call, 'GetParametersByPath', input.Path, {
      'ssm:Recursive': String(input.Recursive ?? false),
    }),
  LabelParameterVersion: named('LabelParameterVersion'),
  ListTagsForResource: byId('ListTagsForResource'),
  PutParameter: (input, call) => {
    const keys = { 'ssm:Overwrite': String(input.Overwrite ?? false), 'ssm:Policies': input.Policies };
    return [
      onParameter(call, 'PutParameter', input.Name, keys),
      ...(input.Tags?.length ? [onParameter(call, 'AddTagsToResource', input.Name)] : []),
    ];
  },
  RemoveTagsFromResource: byId('RemoveTagsFromResource'),
  UnlabelParameterVersion: named('UnlabelParameterVersion'),
};

export default access;
