import { notImplemented, type Operation } from '../../kernel';
import { attach, detachAll } from './attachments';
import { invalidInput, noSuchEntity } from './errors';
import { findRole } from './find';
import { LINKED_SERVICES } from './linked-services';
import { newRole, showRole } from './roles';
import { keyOf, stateOf } from './store';

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html */
export const createServiceLinkedRole: Operation<'iam', 'CreateServiceLinkedRole'> = (input, call) => {
  const service = input.AWSServiceName!;
  const linked = LINKED_SERVICES[service];
  if (!linked) throw notImplemented(`IAM CreateServiceLinkedRole for ${service}`);
  if (input.CustomSuffix !== undefined && !linked.suffix) {
    throw invalidInput(`Custom suffix is not allowed for ${service}`);
  }
  const name = input.CustomSuffix === undefined ? linked.role : `${linked.role}_${input.CustomSuffix}`;
  const state = stateOf(call);
  if (state.roles.has(keyOf(name))) {
    throw invalidInput(
      `Service role name ${name} has been taken in this account, please try a different suffix.`,
    );
  }
  const description = input.Description ?? linked.description;
  const role = newRole(call, {
    name,
    path: `/aws-service-role/${service}/`,
    trust: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Action: ['sts:AssumeRole'], Effect: 'Allow', Principal: { Service: [service] } }],
    }),
    maxSession: 3_600,
    tags: [],
    linkedTo: service,
    ...(description === undefined ? {} : { description }),
  });
  call.accountStore.transaction(() => {
    state.roles.put(keyOf(name), role);
    attach(call, 'role', name, `arn:aws:iam::aws:policy/aws-service-role/${linked.policy}`);
  });
  const { MaxSessionDuration: _session, RoleLastUsed: _used, Description: _told, ...shown } = showRole(role);
  return { Role: shown };
};

/** Nothing in the engine holds on to a service-linked role, so that its deletion is done at once. */
export const deleteServiceLinkedRole: Operation<'iam', 'DeleteServiceLinkedRole'> = (input, call) => {
  const state = stateOf(call);
  const role = findRole(call, input.RoleName!);
  if (role.linkedTo === undefined) {
    throw invalidInput(`The role ${role.name} is not a service-linked role.`);
  }
  const task = `task${role.path}${role.name}/${call.ids.uuid()}`;
  call.accountStore.transaction(() => {
    const arns = [...state.attached.entries({ prefix: ['role', keyOf(role.name)] })].map(({ key }) =>
      String(key[2]),
    );
    detachAll(call, 'role', role.name, arns);
    state.roles.remove(keyOf(role.name));
    call.accountStore.collection<string>('deletions').put(task, 'SUCCEEDED');
  });
  return { DeletionTaskId: task };
};

export const getServiceLinkedRoleDeletionStatus: Operation<'iam', 'GetServiceLinkedRoleDeletionStatus'> = (
  input,
  call,
) => {
  if (!call.accountStore.collection<string>('deletions').has(input.DeletionTaskId!)) {
    throw noSuchEntity(`Deletion task ${input.DeletionTaskId} cannot be found.`);
  }
  return { Status: 'SUCCEEDED' };
};
