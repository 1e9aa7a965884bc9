import { AwsError, arn, type Call, type Principal } from '../../kernel';
import { createStack as createWork } from '../../templates/create-work';
import { type Engine, engineOf } from '../../templates/engine';
import { type Desired, evaluate } from '../../templates/evaluate';
import { stackEvent } from '../../templates/events';
import { bindParameters, type GivenParameter } from '../../templates/parameters';
import { type StackRecord, state, type Tag, type Version } from '../../templates/records';
import { refuse } from '../../templates/refusal';
import { begin, soon } from '../../templates/running';
import { updateStack as updateWork } from '../../templates/update-work';
import { read } from './source';

export interface Wish {
  body: string;
  given: readonly GivenParameter[];
  tags: Tag[];
  capabilities: string[];
}

const MAX_TAGS = 50;

export function tagsOf(
  given: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Tag[] {
  const tags = (given ?? []).map(({ Key = '', Value = '' }) => ({ Key, Value }));
  if (tags.length > MAX_TAGS) throw refuse(`Too many tags: ${tags.length}, maximum ${MAX_TAGS}`);
  const reserved = tags.find(({ Key }) => Key.startsWith('aws:'));
  if (reserved) throw refuse(`Tag keys must not begin with aws: (${reserved.Key})`);
  return tags;
}

export function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  const text = (tags: readonly Tag[]): string =>
    JSON.stringify(tags.map(({ Key, Value }) => [Key, Value]).sort());
  return text(a) === text(b);
}

/** What a stack would become by a wish. */
export function desire(
  call: Call,
  stack: { id: string; name: string; parameters: StackRecord['parameters'] },
  wish: Pick<Wish, 'body' | 'given'>,
  principal: Principal,
): Promise<Desired> {
  const template = read(wish.body);
  const parameters = bindParameters(template, wish.given, stack.parameters);
  return evaluate({ ...engineOf(call), principal }, stack, { template, body: wish.body, parameters });
}

/** A stack record of its own name and id, not yet kept. */
export function blankStack(call: Call, name: string, principal: Principal): StackRecord {
  return {
    id: arn('cloudformation', call.region, call.account, `stack/${name}/${call.ids.uuid()}`),
    name,
    status: 'REVIEW_IN_PROGRESS',
    createdAt: call.clock.now(),
    parameters: [],
    outputs: [],
    tags: [],
    capabilities: [],
    disableRollback: false,
    terminationProtection: false,
    principal,
  };
}

export function checkNewName(call: Call, name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) {
    throw refuse(
      `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
    );
  }
  if (state(call.store).names.has(name))
    throw new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
}

function versionOf(stack: StackRecord, body: string): Version {
  const { parameters, tags, capabilities, description, changeSetId } = stack;
  return {
    body,
    parameters,
    tags,
    capabilities,
    ...(description === undefined ? {} : { description }),
    ...(changeSetId === undefined ? {} : { changeSetId }),
  };
}

function operation(call: Call, type: string, stack: StackRecord): Partial<StackRecord> {
  const id = call.ids.uuid();
  return { operationId: id, operations: [{ id, type }, ...(stack.operations ?? [])].slice(0, 50) };
}

function described(stack: StackRecord, desired: Desired): StackRecord {
  const { description: _, ...rest } = stack;
  const text = desired.template.Description;
  return { ...rest, parameters: desired.parameters, ...(text === undefined ? {} : { description: text }) };
}

/** Begins to make a stack; the answer may come before it is done. */
export async function launchCreate(call: Call, stack: StackRecord, desired: Desired): Promise<void> {
  const engine: Engine = { ...engineOf(call), principal: stack.principal };
  engine.store.transaction(() => {
    const next = { ...described(stack, desired), ...operation(call, 'CREATE_STACK', stack) };
    engine.state.stacks.put(stack.id, next);
    engine.state.names.put(stack.name, stack.id);
    engine.state.versions.put([stack.id, 'current'], versionOf(next, desired.body));
  });
  stackEvent(engine, stack.id, 'CREATE_IN_PROGRESS', 'User Initiated');
  await soon(
    engine,
    begin(engine, stack.id, (control) => createWork(engine, stack.id, desired, control)),
  );
}

/** Begins to update a stack, whose record brings the new tags, role and so on. */
export async function launchUpdate(
  call: Call,
  stack: StackRecord,
  desired: Desired,
  tagsChanged: boolean,
): Promise<void> {
  const engine: Engine = { ...engineOf(call), principal: stack.principal };
  engine.store.transaction(() => {
    const before = engine.state.versions.get([stack.id, 'current']);
    // A further attempt after a failed one without rollback goes back to what was there before the first.
    if (before && !engine.state.versions.has([stack.id, 'previous'])) {
      engine.state.versions.put([stack.id, 'previous'], before);
    }
    const next = {
      ...described(stack, desired),
      ...operation(call, 'UPDATE_STACK', stack),
      updatedAt: call.clock.now(),
    };
    engine.state.stacks.put(stack.id, next);
    engine.state.versions.put([stack.id, 'current'], versionOf(next, desired.body));
  });
  stackEvent(engine, stack.id, 'UPDATE_IN_PROGRESS', 'User Initiated');
  await soon(
    engine,
    begin(engine, stack.id, (control) => updateWork(engine, stack.id, desired, control, tagsChanged)),
  );
}

const UPDATABLE = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
]);

export function checkUpdatable(stack: StackRecord): void {
  if (!UPDATABLE.has(stack.status)) {
    throw refuse(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
  }
}

/** A resource cannot become one of another type under the same name. */
export function checkTypes(call: Call, stackId: string, desired: Desired): void {
  const changed = [...state(call.store).resources.values({ prefix: stackId })].filter(
    ({ logicalId, type, status }) => {
      const next = desired.graph.has(logicalId) ? desired.template.Resources[logicalId]?.Type : undefined;
      return next !== undefined && next !== type && !status.startsWith('DELETE_');
    },
  );
  if (changed.length > 0) {
    const list = changed.map(({ logicalId }) => logicalId).join(', ');
    throw refuse(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${list}]`,
    );
  }
}
