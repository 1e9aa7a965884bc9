import { AwsError, type Call, parseArn } from '../../kernel';
import type { Collection } from '../../storage';
import type { ParameterValue } from '../../templates/parameters';
import type { PlannedChange } from '../../templates/plan';
import type { Tag } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { findStack } from './find';

export interface ChangeSetRecord {
  id: string;
  name: string;
  stackId: string;
  stackName: string;
  type: 'CREATE' | 'UPDATE';
  description?: string;
  createdAt: Date;
  status: 'CREATE_COMPLETE' | 'FAILED';
  statusReason?: string;
  executionStatus: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_COMPLETE' | 'OBSOLETE';
  body: string;
  parameters: ParameterValue[];
  tags: Tag[];
  tagsChanged: boolean;
  capabilities: string[];
  roleArn?: string;
  onStackFailure?: 'DELETE' | 'ROLLBACK' | 'DO_NOTHING';
  changes: PlannedChange[];
}

/** By [stack id, change set id]. */
export function changeSets(call: Call): Collection<ChangeSetRecord> {
  return call.store.collection('change-sets', { sealed: true });
}

/** A change set by its ARN, or by its name and its stack's. */
export function findChangeSet(call: Call, name: string, stackName: string | undefined): ChangeSetRecord {
  const byArn = parseArn(name) !== undefined;
  if (!byArn && stackName === undefined) {
    throw refuse('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stack = stackName === undefined ? undefined : findStack(call, stackName, 'brackets');
  for (const each of changeSets(call).values(stack ? { prefix: stack.id } : {})) {
    if (byArn ? each.id === name : each.name === name) return each;
  }
  throw new AwsError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, { status: 404 });
}

/** The stack goes another way than its change sets were made for. */
export function makeObsolete(call: Call, stackId: string, except?: string): void {
  for (const each of [...changeSets(call).values({ prefix: stackId })]) {
    if (each.id === except || each.executionStatus === 'EXECUTE_COMPLETE') continue;
    changeSets(call).put([stackId, each.id], { ...each, executionStatus: 'OBSOLETE' });
  }
}
