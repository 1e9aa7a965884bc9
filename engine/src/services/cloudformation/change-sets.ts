import { AwsError, arn, isAwsError, notImplemented, type Operation } from '../../kernel';
import { engineOf } from '../../templates/engine';
import { stackEvent } from '../../templates/events';
import { plan } from '../../templates/plan';
import { type StackRecord, state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { checkCapabilities } from './capabilities';
import { type ChangeSetRecord, changeSets, findChangeSet, makeObsolete } from './change-set-store';
import { findStack, lookUp } from './find';
import {
  blankStack,
  checkNewName,
  checkTypes,
  checkUpdatable,
  desire,
  launchCreate,
  launchUpdate,
  sameTags,
  tagsOf,
} from './launch';
import { stackPrincipal } from './principal';
import { nextBody, refuseUnsupported } from './stacks';

const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html */
export const createChangeSet: Operation<'cloudformation', 'CreateChangeSet'> = async (input, call) => {
  refuseUnsupported('CreateChangeSet', input);
  const type = input.ChangeSetType ?? 'UPDATE';
  // ImportExistingResources (which `cdk bootstrap` sets) changes nothing where no resource is there already; one that
  // is fails with "already exists" instead of being imported.
  if (type === 'IMPORT' || input.ResourcesToImport?.length) {
    throw notImplemented('CloudFormation CreateChangeSet for imports');
  }
  if (input.DeploymentMode !== undefined)
    throw notImplemented('CloudFormation CreateChangeSet DeploymentMode');
  const stackName = input.StackName ?? '';
  const name = input.ChangeSetName ?? '';
  const there = lookUp(call, stackName);
  if (type === 'CREATE' && there && there.status !== 'REVIEW_IN_PROGRESS') {
    throw refuse(
      `Stack [${stackName}] already exists and cannot be created again with the changeSet [${name}].`,
    );
  }
  if (type === 'CREATE' && !there) checkNewName(call, stackName);
  if (type === 'UPDATE') checkUpdatable(findStack(call, stackName, 'brackets'));
  const roleArn = input.RoleARN ?? there?.roleArn;
  const principal = await stackPrincipal(call, roleArn);
  const stack: StackRecord = there ?? blankStack(call, stackName, principal);
  for (const each of changeSets(call).values({ prefix: stack.id })) {
    if (each.name !== name) continue;
    if (input.ClientToken && each.id.endsWith(`/${input.ClientToken}`))
      return { Id: each.id, StackId: stack.id };
    throw new AwsError('AlreadyExistsException', `ChangeSet [${name}] already exists`);
  }
  const tags = input.Tags ? tagsOf(input.Tags) : stack.tags;
  const body = await nextBody(call, stack, input);
  const desired = await desire(call, stack, { body, given: input.Parameters ?? [] }, principal);
  const capabilities = input.Capabilities ?? [];
  checkCapabilities(desired.template, capabilities);
  checkTypes(call, stack.id, desired);
  const tagsChanged = type === 'UPDATE' && !sameTags(tags, stack.tags);
  const engine = engineOf(call);
  const planned = await plan(engine, desired, {
    records: [...engine.state.resources.values({ prefix: stack.id })],
    parameters: stack.parameters,
    outputs: stack.outputs,
    tagsChanged,
  });
  const usable = type === 'CREATE' || planned.differs || stack.status.endsWith('_FAILED');
  const record: ChangeSetRecord = {
    id: arn(
      'cloudformation',
      call.region,
      call.account,
      `changeSet/${name}/${input.ClientToken ?? call.ids.uuid()}`,
    ),
    name,
    stackId: stack.id,
    stackName: stack.name,
    type,
    createdAt: call.clock.now(),
    status: usable ? 'CREATE_COMPLETE' : 'FAILED',
    executionStatus: usable ? 'AVAILABLE' : 'UNAVAILABLE',
    body,
    parameters: desired.parameters,
    tags,
    tagsChanged,
    capabilities,
    changes: planned.changes,
    ...(usable ? (planned.warning ? { statusReason: planned.warning } : {}) : { statusReason: NO_CHANGES }),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(input.OnStackFailure === undefined ? {} : { onStackFailure: input.OnStackFailure }),
  };
  if (!there) {
    // Looked at again: another request may have made it meanwhile.
    checkNewName(call, stackName);
    call.store.transaction(() => {
      state(call.store).stacks.put(stack.id, stack);
      state(call.store).names.put(stack.name, stack.id);
    });
    stackEvent(engine, stack.id, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }
  changeSets(call).put([stack.id, record.id], record);
  return { Id: record.id, StackId: stack.id };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html */
export const executeChangeSet: Operation<'cloudformation', 'ExecuteChangeSet'> = async (input, call) => {
  const set = findChangeSet(call, input.ChangeSetName ?? '', input.StackName);
  if (set.executionStatus !== 'AVAILABLE') {
    const where =
      set.status === 'FAILED' ? `status of [${set.status}]` : `execution status of [${set.executionStatus}]`;
    throw new AwsError(
      'InvalidChangeSetStatus',
      `ChangeSet [${set.id}] cannot be executed in its current ${where}`,
    );
  }
  const before = findStack(call, set.stackId);
  if (set.type === 'UPDATE') checkUpdatable(before);
  const onFailure = input.DisableRollback ? 'DO_NOTHING' : set.onStackFailure;
  if (onFailure === 'DELETE' && set.type === 'UPDATE') {
    throw refuse('OnStackFailure DELETE is not supported when updating a stack.');
  }
  const principal = await stackPrincipal(call, set.roleArn);
  const given = set.parameters.map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value }));
  const desired = await desire(call, before, { body: set.body, given }, principal);
  const { onFailure: _, ...stack } = findStack(call, set.stackId);
  const next: StackRecord = {
    ...stack,
    principal,
    tags: set.tags,
    capabilities: set.capabilities,
    changeSetId: set.id,
    disableRollback: onFailure === 'DO_NOTHING',
    ...(set.roleArn === undefined ? {} : { roleArn: set.roleArn }),
    ...(onFailure === undefined || onFailure === 'DO_NOTHING' ? {} : { onFailure }),
    ...(input.RetainExceptOnCreate ? { retainExceptOnCreate: true } : {}),
    ...(input.ClientRequestToken === undefined ? {} : { clientToken: input.ClientRequestToken }),
  };
  if (set.type === 'UPDATE') checkUpdatable(next);
  changeSets(call).put([set.stackId, set.id], { ...set, executionStatus: 'EXECUTE_COMPLETE' });
  makeObsolete(call, set.stackId, set.id);
  if (set.type === 'CREATE') await launchCreate(call, { ...next, updatedAt: call.clock.now() }, desired);
  else await launchUpdate(call, next, desired, set.tagsChanged);
  return {};
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html */
export const deleteChangeSet: Operation<'cloudformation', 'DeleteChangeSet'> = (input, call) => {
  try {
    const set = findChangeSet(call, input.ChangeSetName ?? '', input.StackName);
    changeSets(call).remove([set.stackId, set.id]);
  } catch (error) {
    // Deleting what is not there is done already; a stack that is not there is not.
    if (!isAwsError(error, 'ChangeSetNotFound')) throw error;
  }
  return {};
};
