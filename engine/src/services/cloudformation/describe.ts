import type { Call, Operation } from '../../kernel';
import { type EventRecord, type ResourceRecord, type StackRecord, state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { settled, soon } from '../../templates/running';
import { findStack } from './find';
import { page } from './page';
import { type ResourceStatus, type StackStatus, shownResource, shownStack } from './show';

/** How long a question for a stack at work waits for the end of the work: a little less than the CDK CLI's pause. */
const PATIENCE = 4500;

/** A function that asks for the stack whose custom resource it is would wait for itself. */
function isFunction(call: Call): boolean {
  return call.http?.headers['user-agent']?.includes('exec-env/AWS_Lambda') ?? true;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks: Operation<'cloudformation', 'DescribeStacks'> = async (input, call) => {
  if (input.StackName !== undefined && input.StackName !== '') {
    const { id } = findStack(call, input.StackName);
    if (!isFunction(call)) await soon({ host: call }, settled({ host: call }, id), PATIENCE);
    // By its id: a stack that was deleted meanwhile has lost its name.
    return { Stacks: [shownStack(findStack(call, id))] };
  }
  const { stacks, names } = state(call.store);
  const alive = [...names.values()].flatMap((id) => stacks.get(id) ?? []);
  const newest = alive.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const { items, next } = page(newest, input.NextToken);
  return { Stacks: items.map(shownStack), ...(next === undefined ? {} : { NextToken: next }) };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html */
export const listStacks: Operation<'cloudformation', 'ListStacks'> = (input, call) => {
  const wanted = input.StackStatusFilter;
  const all = [...state(call.store).stacks.values()]
    .filter(({ status }) => !wanted?.length || wanted.some((each) => each === status))
    .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const { items, next } = page(all, input.NextToken);
  return {
    StackSummaries: items.map((stack: StackRecord) => ({
      StackId: stack.id,
      StackName: stack.name,
      CreationTime: stack.createdAt,
      StackStatus: stack.status as StackStatus,
      DriftInformation: { StackDriftStatus: 'NOT_CHECKED' as const },
      ...(stack.description === undefined ? {} : { TemplateDescription: stack.description }),
      ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: stack.updatedAt }),
      ...(stack.deletedAt === undefined ? {} : { DeletionTime: stack.deletedAt }),
      ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
      ...(stack.parentId === undefined ? {} : { ParentId: stack.parentId }),
      ...(stack.rootId === undefined ? {} : { RootId: stack.rootId }),
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

function shownEvent(stack: StackRecord, event: EventRecord) {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.at,
    ResourceStatus: event.status as ResourceStatus,
    ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
    ...(event.properties === undefined ? {} : { ResourceProperties: event.properties }),
    ...(event.clientToken === undefined ? {} : { ClientRequestToken: event.clientToken }),
    ...(event.operationId === undefined ? {} : { OperationId: event.operationId }),
  };
}

/** Newest first. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html */
export const describeStackEvents: Operation<'cloudformation', 'DescribeStackEvents'> = (input, call) => {
  const stack = findStack(call, input.StackName, 'brackets');
  const all = [...state(call.store).events.values({ prefix: stack.id, reverse: true })];
  const { items, next } = page(all, input.NextToken);
  return {
    StackEvents: items.map((event) => shownEvent(stack, event)),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeEvents.html */
export const describeEvents: Operation<'cloudformation', 'DescribeEvents'> = (input, call) => {
  if (input.ChangeSetName !== undefined) {
    // Change sets are made within their request: one that fails fails there, and leaves no events.
    return { OperationEvents: [] };
  }
  const stack = findStack(call, input.StackName, 'brackets');
  const all = [...state(call.store).events.values({ prefix: stack.id, reverse: true })].filter(
    (event) =>
      (input.OperationId === undefined || event.operationId === input.OperationId) &&
      (!input.Filters?.FailedEvents || event.failure),
  );
  const { items, next } = page(all, input.NextToken);
  return {
    OperationEvents: items.map((event) => ({
      ...shownEvent(stack, event),
      EventType:
        event.type === 'AWS::CloudFormation::Stack'
          ? ('STACK_EVENT' as const)
          : ('PROVISIONING_ERROR' as const),
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

function resourcesOf(call: Parameters<typeof state>[0], stack: StackRecord): ResourceRecord[] {
  return [...state(call).resources.values({ prefix: stack.id })];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResource.html */
export const describeStackResource: Operation<'cloudformation', 'DescribeStackResource'> = (input, call) => {
  const stack = findStack(call, input.StackName, 'quotes');
  const found = state(call.store).resources.get([stack.id, input.LogicalResourceId ?? '']);
  if (!found) throw refuse(`Resource ${input.LogicalResourceId} does not exist for stack ${stack.name}`);
  const { Timestamp, ...shown } = shownResource(stack, found);
  return {
    StackResourceDetail: {
      ...shown,
      LastUpdatedTimestamp: Timestamp,
      Metadata: JSON.stringify(found.metadata ?? {}),
    },
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html */
export const describeStackResources: Operation<'cloudformation', 'DescribeStackResources'> = (
  input,
  call,
) => {
  if (input.StackName !== undefined && input.PhysicalResourceId !== undefined) {
    throw refuse('Cannot specify both StackName and PhysicalResourceId');
  }
  if (input.StackName === undefined && input.PhysicalResourceId === undefined) {
    throw refuse('StackName or PhysicalResourceId must be specified');
  }
  let stack: StackRecord | undefined;
  if (input.PhysicalResourceId !== undefined) {
    const { resources, stacks } = state(call.store);
    for (const { key, value } of resources.entries()) {
      if (value.physicalId === input.PhysicalResourceId && !value.status.startsWith('DELETE_'))
        stack = stacks.get(key[0] ?? '');
    }
    if (!stack) throw refuse(`Stack for ${input.PhysicalResourceId} does not exist`);
  } else {
    stack = findStack(call, input.StackName);
  }
  const owner = stack;
  const all = resourcesOf(call.store, owner).filter(
    ({ logicalId }) => input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId,
  );
  if (input.LogicalResourceId !== undefined && all.length === 0) {
    throw refuse(`Resource ${input.LogicalResourceId} does not exist for stack ${owner.name}`);
  }
  return { StackResources: all.slice(0, 100).map((resource) => shownResource(owner, resource)) };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html */
export const listStackResources: Operation<'cloudformation', 'ListStackResources'> = (input, call) => {
  const stack = findStack(call, input.StackName);
  const { items, next } = page(resourcesOf(call.store, stack), input.NextToken);
  return {
    StackResourceSummaries: items.map((resource) => {
      const { Timestamp, StackName: _, StackId: __, ...shown } = shownResource(stack, resource);
      return { ...shown, LastUpdatedTimestamp: Timestamp };
    }),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};
