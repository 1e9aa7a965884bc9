import type { Operation, Output } from '../../kernel';
import type { ChangeDetail, PlannedChange } from '../../templates/plan';
import { type ChangeSetRecord, changeSets, findChangeSet } from './change-set-store';
import { findStack } from './find';
import { page } from './page';
import { shownParameters } from './show';

type Change = NonNullable<Output<'cloudformation', 'DescribeChangeSet'>['Changes']>[number];
type Detail = NonNullable<NonNullable<Change['ResourceChange']>['Details']>[number];

function shownDetail(detail: ChangeDetail, values: boolean): Detail {
  const kind = detail.before === undefined ? 'Add' : detail.after === undefined ? 'Remove' : 'Modify';
  return {
    ChangeSource: detail.source,
    Evaluation: detail.evaluation,
    ...(detail.causing === undefined ? {} : { CausingEntity: detail.causing }),
    Target: {
      Attribute: detail.attribute,
      RequiresRecreation: detail.recreation,
      ...(detail.name === undefined ? {} : { Name: detail.name }),
      ...(values && detail.name !== undefined
        ? {
            Path: `/Properties/${detail.name}`,
            AttributeChangeType: kind,
            ...(detail.before === undefined ? {} : { BeforeValue: detail.before }),
            ...(detail.after === undefined ? {} : { AfterValue: detail.after }),
          }
        : {}),
    },
  };
}

function shownChange(change: PlannedChange, values: boolean): Change {
  const context = (properties: Record<string, unknown> | undefined): string | undefined =>
    properties && JSON.stringify({ Properties: properties });
  const before = values ? context(change.before) : undefined;
  const after = values ? context(change.after) : undefined;
  const replacement = change.replacement ?? (values && change.action === 'Add' ? 'True' : undefined);
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: change.action,
      LogicalResourceId: change.logicalId,
      ResourceType: change.type,
      Scope: change.scope as NonNullable<Change['ResourceChange']>['Scope'],
      Details: change.details.map((detail) => shownDetail(detail, values)),
      ...(change.physicalId === undefined ? {} : { PhysicalResourceId: change.physicalId }),
      ...(replacement === undefined ? {} : { Replacement: replacement }),
      ...(change.policyAction === undefined
        ? {}
        : { PolicyAction: change.policyAction as NonNullable<Change['ResourceChange']>['PolicyAction'] }),
      ...(before === undefined ? {} : { BeforeContext: before }),
      ...(after === undefined ? {} : { AfterContext: after }),
    },
  };
}

const CHANGES_A_PAGE = 100;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html */
export const describeChangeSet: Operation<'cloudformation', 'DescribeChangeSet'> = (input, call) => {
  const set = findChangeSet(call, input.ChangeSetName ?? '', input.StackName);
  const values = input.IncludePropertyValues ?? false;
  const { items, next } = page(set.changes, input.NextToken, CHANGES_A_PAGE);
  const parameters = shownParameters(set.parameters);
  return {
    ChangeSetName: set.name,
    ChangeSetId: set.id,
    StackId: set.stackId,
    StackName: set.stackName,
    CreationTime: set.createdAt,
    ExecutionStatus: set.executionStatus,
    Status: set.status,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: set.capabilities as (
      | 'CAPABILITY_IAM'
      | 'CAPABILITY_NAMED_IAM'
      | 'CAPABILITY_AUTO_EXPAND'
    )[],
    Changes: items.map((change) => shownChange(change, values)),
    IncludeNestedStacks: false,
    ...(set.statusReason === undefined ? {} : { StatusReason: set.statusReason }),
    ...(set.description === undefined ? {} : { Description: set.description }),
    ...(parameters.length > 0 ? { Parameters: parameters } : {}),
    ...(set.tags.length > 0 ? { Tags: set.tags } : {}),
    ...(set.onStackFailure === undefined ? {} : { OnStackFailure: set.onStackFailure }),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

function summary(set: ChangeSetRecord) {
  return {
    StackId: set.stackId,
    StackName: set.stackName,
    ChangeSetId: set.id,
    ChangeSetName: set.name,
    ExecutionStatus: set.executionStatus,
    Status: set.status,
    CreationTime: set.createdAt,
    IncludeNestedStacks: false,
    ...(set.statusReason === undefined ? {} : { StatusReason: set.statusReason }),
    ...(set.description === undefined ? {} : { Description: set.description }),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListChangeSets.html */
export const listChangeSets: Operation<'cloudformation', 'ListChangeSets'> = (input, call) => {
  const stack = findStack(call, input.StackName, 'brackets');
  const all = [...changeSets(call).values({ prefix: stack.id })].filter(
    ({ executionStatus }) => executionStatus !== 'EXECUTE_COMPLETE',
  );
  const { items, next } = page(all, input.NextToken, CHANGES_A_PAGE);
  return { Summaries: items.map(summary), ...(next === undefined ? {} : { NextToken: next }) };
};
