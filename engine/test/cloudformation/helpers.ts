import {
  type CloudFormationClient,
  CreateStackCommand,
  type CreateStackCommandInput,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
  UpdateStackCommand,
  type UpdateStackCommandInput,
} from '@aws-sdk/client-cloudformation';

/** What the tests of stacks ask again and again. */
export class Stacks {
  constructor(readonly client: CloudFormationClient) {}

  async create(
    StackName: string,
    template: object,
    rest: Partial<CreateStackCommandInput> = {},
  ): Promise<Stack> {
    await this.client.send(
      new CreateStackCommand({ StackName, TemplateBody: JSON.stringify(template), ...rest }),
    );
    return this.describe(StackName);
  }

  async update(
    StackName: string,
    template: object,
    rest: Partial<UpdateStackCommandInput> = {},
  ): Promise<Stack> {
    await this.client.send(
      new UpdateStackCommand({ StackName, TemplateBody: JSON.stringify(template), ...rest }),
    );
    return this.describe(StackName);
  }

  async describe(StackName: string): Promise<Stack> {
    const { Stacks: list } = await this.client.send(new DescribeStacksCommand({ StackName }));
    const stack = list?.[0];
    if (!stack) throw new Error(`no stack ${StackName}`);
    return stack;
  }

  async outputs(StackName: string): Promise<Record<string, string>> {
    const { Outputs } = await this.describe(StackName);
    return Object.fromEntries(
      (Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
    );
  }

  /** `Logical STATUS`, oldest first. */
  async events(StackName: string): Promise<string[]> {
    const { StackEvents } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    return (StackEvents ?? [])
      .map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`)
      .reverse();
  }

  /** Why things failed, oldest first. */
  async reasons(StackName: string): Promise<string[]> {
    const { StackEvents } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
    return (StackEvents ?? [])
      .filter(
        ({ ResourceStatus, ResourceType }) =>
          ResourceStatus?.endsWith('_FAILED') && ResourceType !== 'AWS::CloudFormation::Stack',
      )
      .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`)
      .reverse();
  }
}

export function parameter(value: unknown, rest: Record<string, unknown> = {}): Record<string, unknown> {
  return { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: value, ...rest } };
}
