import type { Principal } from '../kernel';
import type { Collection, Store } from '../storage';
import type { ParameterValue } from './parameters';

export interface Tag {
  Key: string;
  Value: string;
}

export interface OutputRecord {
  key: string;
  value: string;
  description?: string;
  exportName?: string;
  /** Holds what a custom resource wants secret. */
  noEcho?: true;
}

/** A stack, as CloudFormation keeps it. */
export interface StackRecord {
  id: string;
  name: string;
  status: string;
  statusReason?: string;
  description?: string;
  createdAt: Date;
  updatedAt?: Date;
  deletedAt?: Date;
  parameters: ParameterValue[];
  outputs: OutputRecord[];
  tags: Tag[];
  capabilities: string[];
  roleArn?: string;
  disableRollback: boolean;
  onFailure?: 'DELETE' | 'ROLLBACK' | 'DO_NOTHING';
  timeoutInMinutes?: number;
  terminationProtection: boolean;
  retainExceptOnCreate?: boolean;
  changeSetId?: string;
  parentId?: string;
  rootId?: string;
  /** The request that started the operation at work, or the last one. */
  clientToken?: string;
  operationId?: string;
  /** The latest operations, the newest first. */
  operations?: { id: string; type: string }[];
  policy?: string;
  /** On whose behalf the stack's operations run. */
  principal: Principal;
}

/** What a resource is: enough to update it, put it back, or delete it. */
export interface ResourceState {
  type: string;
  physicalId: string;
  /** Intrinsics resolved, dynamic references not: no secret is kept. */
  properties: Record<string, unknown>;
  attributes: Record<string, unknown>;
  dependsOn: string[];
  deletionPolicy?: string;
  updateReplacePolicy?: string;
  metadata?: unknown;
}

export interface ResourceRecord extends ResourceState {
  logicalId: string;
  status: string;
  reason?: string;
  changedAt: Date;
  /** What it was before the update at work; 'absent' where that update made it. */
  before?: ResourceState | 'absent';
}

/** Something a finished update leaves to be deleted. */
export interface Leftover extends ResourceState {
  logicalId: string;
  /** Leaves a snapshot. */
  snapshot?: true;
}

export interface EventRecord {
  id: string;
  at: Date;
  logicalId: string;
  type: string;
  physicalId: string;
  status: string;
  reason?: string;
  properties?: string;
  clientToken?: string;
  operationId?: string;
  /** `PROVISIONING_ERROR`'s cause, for DescribeEvents. */
  failure?: true;
}

/** A template's text and how the stack came by it: what an update that fails goes back to. */
export interface Version {
  body: string;
  parameters: ParameterValue[];
  tags: Tag[];
  capabilities: string[];
  description?: string;
  changeSetId?: string;
}

interface ExportRecord {
  name: string;
  value: string;
  stackId: string;
}

export interface State {
  stacks: Collection<StackRecord>;
  /** The id of the stack that has a name now (deleted ones have none). */
  names: Collection<string>;
  resources: Collection<ResourceRecord>;
  events: Collection<EventRecord>;
  leftovers: Collection<Leftover>;
  /** By stack id: 'current', and 'previous' while an update is not finished. */
  versions: Collection<Version>;
  exports: Collection<ExportRecord>;
  /** By [export name, id of the importing stack]: that stack's name. */
  imports: Collection<string>;
}

export function state(store: Store): State {
  return {
    stacks: store.collection('stacks', { sealed: true }),
    names: store.collection('names'),
    resources: store.collection('resources', { sealed: true }),
    events: store.collection('events', { sealed: true }),
    leftovers: store.collection('leftovers', { sealed: true }),
    versions: store.collection('versions', { sealed: true }),
    exports: store.collection('exports'),
    imports: store.collection('imports'),
  };
}
