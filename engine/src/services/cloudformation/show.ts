import type { Output } from '../../kernel';
import type { ParameterValue } from '../../templates/parameters';
import type { ResourceRecord, StackRecord } from '../../templates/records';

type Stack = NonNullable<Output<'cloudformation', 'DescribeStacks'>['Stacks']>[number];
export type StackStatus = NonNullable<Stack['StackStatus']>;
export type ResourceStatus = NonNullable<
  NonNullable<Output<'cloudformation', 'DescribeStackResources'>['StackResources']>[number]['ResourceStatus']
>;

/** Parameters as they are shown: what is secret never is. */
export function shownParameters(parameters: readonly ParameterValue[]) {
  return parameters.map(({ key, value, resolved, noEcho }) => ({
    ParameterKey: key,
    ParameterValue: noEcho ? '****' : value,
    ...(resolved === undefined ? {} : { ResolvedValue: noEcho ? '****' : resolved }),
  }));
}

/** A stack as DescribeStacks shows it. */
export function shownStack(stack: StackRecord): Stack {
  const deleted = stack.status === 'DELETE_COMPLETE';
  const parameters = shownParameters(stack.parameters);
  const outputs = stack.outputs.map(({ key, value, description, exportName, noEcho }) => ({
    OutputKey: key,
    OutputValue: noEcho ? '****' : value,
    ...(description === undefined ? {} : { Description: description }),
    ...(exportName === undefined ? {} : { ExportName: exportName }),
  }));
  return {
    StackId: stack.id,
    StackName: stack.name,
    ...(stack.changeSetId === undefined ? {} : { ChangeSetId: stack.changeSetId }),
    ...(stack.description === undefined ? {} : { Description: stack.description }),
    ...(parameters.length > 0 ? { Parameters: parameters } : {}),
    CreationTime: stack.createdAt,
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: stack.deletedAt }),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: stack.updatedAt }),
    RollbackConfiguration: {},
    StackStatus: stack.status as StackStatus,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DisableRollback: stack.disableRollback,
    NotificationARNs: [],
    ...(stack.timeoutInMinutes === undefined ? {} : { TimeoutInMinutes: stack.timeoutInMinutes }),
    ...(stack.capabilities.length > 0
      ? { Capabilities: stack.capabilities as NonNullable<Stack['Capabilities']> }
      : {}),
    ...(outputs.length > 0 ? { Outputs: outputs } : {}),
    ...(stack.roleArn === undefined ? {} : { RoleARN: stack.roleArn }),
    Tags: stack.tags,
    ...(deleted ? {} : { EnableTerminationProtection: stack.terminationProtection }),
    ...(stack.parentId === undefined ? {} : { ParentId: stack.parentId }),
    ...(stack.rootId === undefined ? {} : { RootId: stack.rootId }),
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    ...(stack.retainExceptOnCreate ? { RetainExceptOnCreate: true } : {}),
  };
}

/** A resource as DescribeStackResources shows it. */
export function shownResource(stack: StackRecord, resource: ResourceRecord) {
  return {
    StackName: stack.name,
    StackId: stack.id,
    LogicalResourceId: resource.logicalId,
    ...(resource.physicalId === '' ? {} : { PhysicalResourceId: resource.physicalId }),
    ResourceType: resource.type,
    Timestamp: resource.changedAt,
    ResourceStatus: resource.status as ResourceStatus,
    ...(resource.reason === undefined ? {} : { ResourceStatusReason: resource.reason }),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' as const },
  };
}
