import { type Call, notImplemented, type Operation } from '../../kernel';
import { deleteStack as deleteWork } from '../../templates/delete-work';
import { engineOf } from '../../templates/engine';
import { stackEvent } from '../../templates/events';
import { plan } from '../../templates/plan';
import { type StackRecord, state } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { begin, cancel, soon } from '../../templates/running';
import { checkCapabilities } from './capabilities';
import { makeObsolete } from './change-set-store';
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
import { requiredText, templateText } from './source';

interface Unsupported {
  NotificationARNs?: string[] | undefined;
  ResourceTypes?: string[] | undefined;
  RollbackConfiguration?:
    | { RollbackTriggers?: unknown[] | undefined; MonitoringTimeInMinutes?: number | undefined }
    | undefined;
  StackPolicyBody?: string | undefined;
  StackPolicyURL?: string | undefined;
}

/** Refuses by name what would otherwise be taken and forgotten. */
export function refuseUnsupported(operation: string, input: Unsupported): void {
  const refuseBy = (name: string): never => {
    throw notImplemented(`CloudFormation ${operation} ${name}`);
  };
  if (input.NotificationARNs?.length) refuseBy('NotificationARNs');
  if (input.ResourceTypes?.length) refuseBy('ResourceTypes');
  if (input.StackPolicyBody !== undefined) refuseBy('StackPolicyBody');
  if (input.StackPolicyURL !== undefined) refuseBy('StackPolicyURL');
  const rollback = input.RollbackConfiguration;
  if (rollback?.RollbackTriggers?.length || rollback?.MonitoringTimeInMinutes)
    refuseBy('RollbackConfiguration');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
export const createStack: Operation<'cloudformation', 'CreateStack'> = async (input, call) => {
  refuseUnsupported('CreateStack', input);
  const name = input.StackName ?? '';
  const review = lookUp(call, name);
  // A stack that only has change sets is taken over: its change sets are of no more use.
  const taken = review?.status === 'REVIEW_IN_PROGRESS' ? review : undefined;
  if (!taken) {
    // A retried request gets the answer of the first.
    if (review && input.ClientRequestToken && review.clientToken === input.ClientRequestToken)
      return { StackId: review.id };
    checkNewName(call, name);
  }
  if (input.DisableRollback && input.OnFailure !== undefined) {
    throw refuse('You can not specify both DisableRollback and OnFailure');
  }
  const tags = tagsOf(input.Tags);
  const body = await requiredText(call, input);
  const principal = await stackPrincipal(call, input.RoleARN);
  const stack: StackRecord = {
    ...(taken ?? blankStack(call, name, principal)),
    principal,
    tags,
    capabilities: input.Capabilities ?? [],
    disableRollback: input.DisableRollback ?? false,
    terminationProtection: input.EnableTerminationProtection ?? false,
    ...(input.OnFailure ? { onFailure: input.OnFailure } : {}),
    ...(input.TimeoutInMinutes === undefined ? {} : { timeoutInMinutes: input.TimeoutInMinutes }),
    ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
    ...(input.ClientRequestToken === undefined ? {} : { clientToken: input.ClientRequestToken }),
    ...(input.RetainExceptOnCreate ? { retainExceptOnCreate: true } : {}),
  };
  const desired = await desire(
    call,
    { ...stack, parameters: [] },
    { body, given: input.Parameters ?? [] },
    principal,
  );
  checkCapabilities(desired.template, stack.capabilities);
  if (!taken) checkNewName(call, name);
  makeObsolete(call, stack.id);
  await launchCreate(call, stack, desired);
  return { StackId: stack.id };
};

/** The template of a request, or the stack's own where it says UsePreviousTemplate. */
export async function nextBody(
  call: Call,
  stack: StackRecord,
  input: {
    TemplateBody?: string | undefined;
    TemplateURL?: string | undefined;
    UsePreviousTemplate?: boolean | undefined;
  },
): Promise<string> {
  const given = await templateText(call, input);
  if (!input.UsePreviousTemplate) return given ?? requiredText(call, input);
  if (given !== undefined)
    throw refuse('You cannot specify both usePreviousTemplate and Template Body/Template URL.');
  const current = state(call.store).versions.get([stack.id, 'current']);
  if (!current) throw refuse(`Stack [${stack.name}] has no previous template`);
  return current.body;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html */
export const updateStack: Operation<'cloudformation', 'UpdateStack'> = async (input, call) => {
  refuseUnsupported('UpdateStack', input);
  if (input.StackPolicyDuringUpdateBody !== undefined || input.StackPolicyDuringUpdateURL !== undefined) {
    throw notImplemented('CloudFormation UpdateStack StackPolicyDuringUpdate');
  }
  const stack = findStack(call, input.StackName, 'brackets');
  if (input.ClientRequestToken && stack.clientToken === input.ClientRequestToken)
    return { StackId: stack.id };
  checkUpdatable(stack);
  const body = await nextBody(call, stack, input);
  const roleArn = input.RoleARN ?? stack.roleArn;
  const principal = await stackPrincipal(call, roleArn);
  const desired = await desire(call, stack, { body, given: input.Parameters ?? [] }, principal);
  const capabilities = input.Capabilities ?? [];
  checkCapabilities(desired.template, capabilities);
  checkTypes(call, stack.id, desired);
  // Tags that are not given stay.
  const tags = input.Tags ? tagsOf(input.Tags) : stack.tags;
  const tagsChanged = !sameTags(tags, stack.tags);
  const engine = engineOf(call);
  const { differs } = await plan(engine, desired, {
    records: [...engine.state.resources.values({ prefix: stack.id })],
    parameters: stack.parameters,
    outputs: stack.outputs,
    tagsChanged,
  });
  if (!differs && !stack.status.endsWith('_FAILED')) throw refuse('No updates are to be performed.');
  makeObsolete(call, stack.id);
  const next: StackRecord = {
    ...(state(call.store).stacks.get(stack.id) ?? stack),
    principal,
    tags,
    capabilities,
    disableRollback: input.DisableRollback ?? false,
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(input.ClientRequestToken === undefined ? {} : { clientToken: input.ClientRequestToken }),
  };
  checkUpdatable(next);
  await launchUpdate(call, next, desired, tagsChanged);
  return { StackId: stack.id };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html */
export const deleteStack: Operation<'cloudformation', 'DeleteStack'> = async (input, call) => {
  const stack = lookUp(call, input.StackName ?? '');
  // Deleting what is not there is done already.
  if (!stack || stack.status === 'DELETE_COMPLETE') return {};
  if (stack.terminationProtection) {
    throw refuse(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  }
  const failed = stack.status === 'DELETE_FAILED';
  if (input.RetainResources?.length && !failed) {
    throw refuse(
      `Invalid operation on stack [${stack.id}]. When you delete a stack, specify which resources to retain only when the stack is in the DELETE_FAILED state.`,
    );
  }
  const force = input.DeletionMode === 'FORCE_DELETE_STACK';
  if (force && !failed) {
    throw refuse(
      `Invalid operation on stack [${stack.id}]. FORCE_DELETE_STACK can only be used on a stack in the DELETE_FAILED state.`,
    );
  }
  if (stack.status === 'DELETE_IN_PROGRESS') return {};
  const principal = await stackPrincipal(call, input.RoleARN ?? stack.roleArn);
  const engine = { ...engineOf(call), principal };
  const id = call.ids.uuid();
  engine.state.stacks.put(stack.id, {
    ...stack,
    principal,
    deletedAt: call.clock.now(),
    operationId: id,
    operations: [{ id, type: 'DELETE_STACK' }, ...(stack.operations ?? [])].slice(0, 50),
    ...(input.RoleARN === undefined ? {} : { roleArn: input.RoleARN }),
    ...(input.ClientRequestToken === undefined ? {} : { clientToken: input.ClientRequestToken }),
  });
  makeObsolete(call, stack.id);
  // A creation or update at work is stopped first.
  cancel(engine, stack.id, 'Resource creation cancelled by stack deletion.');
  const retain = input.RetainResources ?? [];
  const done = begin(engine, stack.id, async () => {
    stackEvent(engine, stack.id, 'DELETE_IN_PROGRESS', 'User Initiated');
    await deleteWork(engine, stack.id, { retain, force });
  });
  await soon(engine, done);
  return {};
};
