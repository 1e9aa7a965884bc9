const NAMED_IN_REFUSALS =
  'the refusals of AWS name what would be listed by its ARN, and policies that name it so let callers list';
const OF_THE_API =
  'the path of the request, as the API reference has it: https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html';
const MADE_UP = 'made of an input that no caller can send';

const apiPaths = [
  '/domainnames/a+a/basepathmappings',
  '/restapis//models',
  '/restapis//resources/',
  '/restapis//resources//methods/',
  '/restapis/a/deployments',
  '/restapis/a/models',
  '/restapis/a/resources/a',
  '/restapis/a/resources/a/methods/a',
  '/restapis/a/stages',
  '/restapis/undefined/deployments',
  '/restapis/undefined/stages',
].map((path) => [`apigateway:POST: not on ${path}`, OF_THE_API] as const);

const lists = [
  'iam:ListGroups',
  'iam:ListInstanceProfiles',
  'iam:ListOpenIDConnectProviders',
  'iam:ListPolicies',
  'iam:ListRoles',
  'iam:ListUsers',
  'cloudformation:ListStacks',
  'dynamodb:ListGlobalTables',
  'logs:DescribeLogGroups',
].map((action) => [`${action}: on * only`, NAMED_IN_REFUSALS] as const);

/** Where the tables differ from the catalogue, and why. */
export const EXCEPTIONS: ReadonlyMap<string, string> = new Map<string, string>([
  ...lists,
  ...apiPaths,
  [
    'sts:TagSession: not on federated-user/a',
    'the tags of GetFederationToken: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_operations',
  ],
  ['secretsmanager:ValidateResourcePolicy: not on *', 'the secret may be left out'],
  [
    'kms:TagResource: not on *',
    'a key that is to be made has no ARN yet: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html',
  ],
  ...['CreateAlias', 'DeleteAlias', 'UpdateAlias'].flatMap((action) => [
    [`kms:${action}: not on `, MADE_UP] as const,
    [`kms:${action}: not on a`, MADE_UP] as const,
  ]),
  ['ec2:CreateTags: not on */a', MADE_UP],
  ['ec2:DeleteTags: not on */a', MADE_UP],
]);

/** Whole families of paths that the catalogue leaves out, and why. */
export const FAMILIES: ReadonlyMap<RegExp, string> = new Map([
  [
    /^apigateway:\w+: not on \/(?:apis|tags|domainnames\/\w*\/apimappings)(?:\/|$)/,
    'the catalogue knows the REST APIs’ management only, not https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagementv2.html',
  ],
  [/^apigateway:GET: not on \/sdktypes(?:\/|$)/, OF_THE_API],
  [/^apigateway:POST: not on \/restapis\/\w*\/authorizers(?:\/|$)/, OF_THE_API],
]);
