import { type Call, notImplemented, type Operation } from '../../kernel';
import { rollbackCreation } from '../../templates/create-work';
import { type Engine, engineOf } from '../../templates/engine';
import { stackEvent } from '../../templates/events';
import { type StackRecord, state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { rollbackUpdate } from '../../templates/rollback-work';
import { begin, cancel, soon } from '../../templates/running';
import { findStack } from './find';
import { stackPrincipal } from './principal';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html */
export const updateTerminationProtection: Operation<'cloudformation', 'UpdateTerminationProtection'> = (
  input,
  call,
) => {
  const stack = findStack(call, input.StackName, 'brackets');
  if (stack.parentId !== undefined) {
    throw refuse(
      'Updating termination protection on a nested stack is not allowed. Update the root stack instead.',
    );
  }
  if (stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') {
    throw refuse(`Stack [${stack.name}] is in ${stack.status} state`);
  }
  state(call.store).stacks.put(stack.id, {
    ...stack,
    terminationProtection: input.EnableTerminationProtection ?? false,
  });
  return { StackId: stack.id };
};

/** Keeps who acts now, and returns the engine that acts for them. */
async function takeOver(
  call: Call,
  stack: StackRecord,
  roleArn: string | undefined,
  type: string,
): Promise<Engine> {
  const role = roleArn ?? stack.roleArn;
  const principal = await stackPrincipal(call, role);
  const id = call.ids.uuid();
  state(call.store).stacks.put(stack.id, {
    ...stack,
    principal,
    operationId: id,
    operations: [{ id, type }, ...(stack.operations ?? [])].slice(0, 50),
    ...(role === undefined ? {} : { roleArn: role }),
  });
  return { ...engineOf(call), principal };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CancelUpdateStack.html */
export const cancelUpdateStack: Operation<'cloudformation', 'CancelUpdateStack'> = (input, call) => {
  const stack = findStack(call, input.StackName, 'brackets');
  if (stack.status !== 'UPDATE_IN_PROGRESS') {
    throw refuse('CancelUpdateStack cannot be called from current stack status');
  }
  cancel(engineOf(call), stack.id, 'User Initiated');
  return {};
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ContinueUpdateRollback.html */
export const continueUpdateRollback: Operation<'cloudformation', 'ContinueUpdateRollback'> = async (
  input,
  call,
) => {
  const stack = findStack(call, input.StackName, 'brackets');
  if (stack.status !== 'UPDATE_ROLLBACK_FAILED') {
    throw refuse(`Stack:${stack.id} is in ${stack.status} state and can not continue rollback.`);
  }
  const skip = input.ResourcesToSkip ?? [];
  const nested = skip.find((id) => id.includes('.'));
  if (nested) throw notImplemented('CloudFormation ContinueUpdateRollback ResourcesToSkip in nested stacks');
  const unknown = skip.filter(
    (id) => state(call.store).resources.get([stack.id, id])?.status !== 'UPDATE_FAILED',
  );
  if (unknown.length > 0) {
    throw refuse(
      `Resources [${unknown.join(', ')}] cannot be skipped: they are not in the UPDATE_FAILED state`,
    );
  }
  const engine = await takeOver(call, stack, input.RoleARN, 'CONTINUE_ROLLBACK');
  stackEvent(engine, stack.id, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  await soon(
    engine,
    begin(engine, stack.id, () => rollbackUpdate(engine, stack.id, skip)),
  );
  return {};
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackStack.html */
export const rollbackStack: Operation<'cloudformation', 'RollbackStack'> = async (input, call) => {
  const stack = findStack(call, input.StackName, 'brackets');
  const creation = stack.status === 'CREATE_FAILED' || stack.status === 'ROLLBACK_FAILED';
  if (!creation && stack.status !== 'UPDATE_FAILED' && stack.status !== 'UPDATE_ROLLBACK_FAILED') {
    throw refuse(`Stack:${stack.id} is in ${stack.status} state and can not be rolled back.`);
  }
  const engine = await takeOver(call, stack, input.RoleARN, 'ROLLBACK');
  stackEvent(
    engine,
    stack.id,
    creation ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS',
    'User Initiated',
  );
  const work = creation ? () => rollbackCreation(engine, stack.id) : () => rollbackUpdate(engine, stack.id);
  await soon(engine, begin(engine, stack.id, work));
  return { StackId: stack.id };
};
