import {
  AwsError,
  type Call,
  defineResource,
  type Output,
  type Provisioned,
  type ResourceContext,
} from '../kernel';
import { refuse } from './refusal';

interface Properties {
  TemplateURL: string;
  Parameters?: Record<string, string>;
  Tags?: { Key: string; Value: string }[];
  TimeoutInMinutes?: number;
}

type Stack = NonNullable<Output<'cloudformation', 'DescribeStacks'>['Stacks']>[number];

const CAPABILITIES = [
  'CAPABILITY_IAM' as const,
  'CAPABILITY_NAMED_IAM' as const,
  'CAPABILITY_AUTO_EXPAND' as const,
];

function parameters(given: Record<string, string> | undefined) {
  return Object.entries(given ?? {}).map(([ParameterKey, ParameterValue]) => ({
    ParameterKey,
    ParameterValue,
  }));
}

/** CloudFormation knows its stacks itself: nobody needs a permission for that. */
function look(call: Call, StackName: string) {
  const as = call.parts.identity.servicePrincipal('cloudformation.amazonaws.com', call.account);
  return call.invoke('cloudformation', 'DescribeStacks', { StackName }, { as });
}

/** Waits for the operation of the nested stack; refuses what did not end as it should. */
async function outcome(call: Call, stackId: string, wanted: readonly string[]): Promise<Provisioned> {
  const { settled } = await import('./running');
  await settled({ host: call }, stackId);
  const { Stacks } = await look(call, stackId);
  const stack: Stack | undefined = Stacks?.[0];
  if (!stack || !wanted.includes(stack.StackStatus ?? '')) {
    throw new AwsError(
      'ValidationError',
      `Embedded stack ${stackId} was not successfully ${wanted[0] === 'CREATE_COMPLETE' ? 'created' : 'updated'}: ${stack?.StackStatusReason ?? ''}`,
      { members: { PhysicalResourceId: stackId } },
    );
  }
  const outputs = (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [
    `Outputs.${OutputKey}`,
    OutputValue,
  ]);
  return { physicalId: stackId, attributes: Object.fromEntries(outputs) };
}

/** The nested stack belongs to the stack that made it. */
async function adopt({ call, stackId }: ResourceContext<Properties>, nestedId: string): Promise<void> {
  const { state } = await import('./records');
  const { stacks } = state(call.store);
  const nested = stacks.get(nestedId);
  const parent = stacks.get(stackId);
  if (nested) stacks.put(nestedId, { ...nested, parentId: stackId, rootId: parent?.rootId ?? stackId });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html */
export const nestedStack = defineResource<Properties>({
  type: 'AWS::CloudFormation::Stack',
  properties: { Parameters: true, Tags: true, TemplateURL: true, TimeoutInMinutes: true },
  async create(resource) {
    const { call, properties, tags } = resource;
    const own = tags.filter(({ Key }) => !Key.startsWith('aws:'));
    const { StackId } = await call.invoke('cloudformation', 'CreateStack', {
      StackName: resource.name({ maxLength: 128 }),
      TemplateURL: properties.TemplateURL,
      Parameters: parameters(properties.Parameters),
      Tags: [...own, ...(properties.Tags ?? [])],
      Capabilities: CAPABILITIES,
      ...(properties.TimeoutInMinutes === undefined ? {} : { TimeoutInMinutes: properties.TimeoutInMinutes }),
    });
    if (!StackId) throw refuse('The nested stack has no id');
    await adopt(resource, StackId);
    return outcome(call, StackId, ['CREATE_COMPLETE']);
  },
  async update(resource) {
    const { call, properties, physicalId, tags } = resource;
    const own = tags.filter(({ Key }) => !Key.startsWith('aws:'));
    try {
      await call.invoke('cloudformation', 'UpdateStack', {
        StackName: physicalId,
        TemplateURL: properties.TemplateURL,
        Parameters: parameters(properties.Parameters),
        Tags: [...own, ...(properties.Tags ?? [])],
        Capabilities: CAPABILITIES,
      });
    } catch (error) {
      const unchanged = error instanceof AwsError && error.message === 'No updates are to be performed.';
      if (!unchanged) throw error;
    }
    return outcome(call, physicalId, ['UPDATE_COMPLETE', 'CREATE_COMPLETE']);
  },
  async delete({ call, physicalId }) {
    await call.invoke('cloudformation', 'DeleteStack', { StackName: physicalId });
    const { settled } = await import('./running');
    await settled({ host: call }, physicalId);
    const { Stacks } = await look(call, physicalId);
    const stack = Stacks?.[0];
    if (stack && stack.StackStatus !== 'DELETE_COMPLETE') {
      throw new AwsError(
        'ValidationError',
        `Embedded stack ${physicalId} was not successfully deleted: ${stack.StackStatusReason ?? ''}`,
      );
    }
  },
});
