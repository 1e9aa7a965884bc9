import { type Access, arn, type Call, type Needed, parseArn } from '../../kernel';
import { state } from '../../templates/records';
import { type ChangeSetRecord, changeSets } from './change-set-store';
import { lookUp } from './find';

type Keys = NonNullable<Needed['keys']>;

/** A stack that is there is its ARN, one that is not is any of its name. */
function on(call: Call, action: string, nameOrId: string | undefined, keys: Keys = {}): Needed {
  const stack = nameOrId === undefined ? undefined : lookUp(call, nameOrId);
  const named = nameOrId?.startsWith('arn:') ? nameOrId : undefined;
  const resource = stack?.id ?? named ?? stackArn(call, `${nameOrId ?? '*'}/*`);
  const owner = parseArn(resource)?.account;
  return {
    action: `cloudformation:${action}`,
    resource,
    keys,
    tags: () => stack && Object.fromEntries(stack.tags.map(({ Key, Value }) => [Key, Value])),
    ...(owner ? { owner } : {}),
  };
}

const stackArn = (call: Call, rest: string): string =>
  arn('cloudformation', call.region, call.account, `stack/${rest}`);

interface Asked {
  StackName?: string | undefined;
  ChangeSetName?: string | undefined;
  RoleARN?: string | undefined;
  ResourceTypes?: string[] | undefined;
  StackPolicyURL?: string | undefined;
  TemplateURL?: string | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#using-iam-conditions */
const keysOf = (input: Asked): Keys => ({
  'cloudformation:ResourceTypes': input.ResourceTypes,
  'cloudformation:RoleArn': input.RoleARN,
  'cloudformation:StackPolicyUrl': input.StackPolicyURL,
  'cloudformation:TemplateUrl': input.TemplateURL,
});

/**
 * A role is handed over when a request brings it; the one that the stack has already is used without.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
 */
const passed = (input: Asked): Needed[] =>
  input.RoleARN === undefined
    ? []
    : [
        {
          action: 'iam:PassRole',
          resource: input.RoleARN,
          keys: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
          owner: parseArn(input.RoleARN)?.account ?? '',
        },
      ];

const stack =
  (action: string) =>
  (input: Asked, call: Call): Needed[] => [
    on(call, action, input.StackName, keysOf(input)),
    ...passed(input),
  ];

/** A change set's ARN suffices without its stack's name. */
const changeSet =
  (action: string) =>
  (input: Asked, call: Call): Needed => {
    const name = input.ChangeSetName ?? '';
    const found = parseArn(name) ? byId(call, name) : undefined;
    return on(call, action, found?.stackId ?? input.StackName, {
      'cloudformation:ChangeSetName': found?.name ?? name,
    });
  };

const byId = (call: Call, id: string): ChangeSetRecord | undefined => {
  for (const one of changeSets(call).values()) if (one.id === id) return one;
  return undefined;
};

/** The stack that a resource's id leads to. */
function owning(call: Call, physicalId: string | undefined): string | undefined {
  if (physicalId === undefined) return undefined;
  for (const { key, value } of state(call.store).resources.entries())
    if (value.physicalId === physicalId) return String(key[0]);
  return undefined;
}

const anywhere = (action: string) => (): Needed => ({ action: `cloudformation:${action}`, resource: '*' });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html */
const access: Access<'cloudformation'> = {
  CreateStack: stack('CreateStack'),
  UpdateStack: stack('UpdateStack'),
  DeleteStack: stack('DeleteStack'),
  RollbackStack: stack('RollbackStack'),
  ContinueUpdateRollback: stack('ContinueUpdateRollback'),
  CancelUpdateStack: stack('CancelUpdateStack'),
  UpdateTerminationProtection: stack('UpdateTerminationProtection'),
  CreateChangeSet: (input, call) => [
    on(call, 'CreateChangeSet', input.StackName, {
      ...keysOf(input),
      'cloudformation:ChangeSetName': input.ChangeSetName,
    }),
    ...passed(input),
  ],
  ExecuteChangeSet: changeSet('ExecuteChangeSet'),
  DescribeChangeSet: changeSet('DescribeChangeSet'),
  DeleteChangeSet: changeSet('DeleteChangeSet'),
  ListChangeSets: stack('ListChangeSets'),
  DescribeStacks: stack('DescribeStacks'),
  DescribeEvents: (input, call) => {
    const found = input.ChangeSetName === undefined ? undefined : byId(call, input.ChangeSetName);
    return on(call, 'DescribeEvents', input.StackName ?? found?.stackId);
  },
  DescribeStackEvents: stack('DescribeStackEvents'),
  DescribeStackResource: stack('DescribeStackResource'),
  DescribeStackResources: (input, call) =>
    on(call, 'DescribeStackResources', input.StackName ?? owning(call, input.PhysicalResourceId)),
  ListStackResources: stack('ListStackResources'),
  // As its refusals name it, though the reference knows no resource: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
  ListStacks: (_input, call) => on(call, 'ListStacks', undefined),
  ListExports: anywhere('ListExports'),
  ListImports: anywhere('ListImports'),
  GetTemplate: stack('GetTemplate'),
  GetTemplateSummary: (input, call) =>
    input.StackName === undefined
      ? { ...anywhere('GetTemplateSummary')(), keys: keysOf({ TemplateURL: input.TemplateURL }) }
      : on(call, 'GetTemplateSummary', input.StackName),
  ValidateTemplate: (input) => ({
    ...anywhere('ValidateTemplate')(),
    keys: keysOf({ TemplateURL: input.TemplateURL }),
  }),
};

export default access;
