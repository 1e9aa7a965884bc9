import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { clientConfig } from './surroundings';

/** A stack as it was deployed. */
export interface DeployedStack {
  id: string;
  name: string;
  outputs: Record<string, string>;
  /** Logical id to physical id. */
  resources: ReadonlyMap<string, string>;
}

const DELETION_MS = 60_000;

/**
 * States of which CDK makes nothing, or that LocalStack does not mean: its rollback leaves the resources that were
 * made, and deleting them fails. The stack is deleted and deployed anew.
 */
const STUCK = new Set([
  'ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'ROLLBACK_FAILED',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_FAILED',
  'DELETE_FAILED',
]);

export class Stacks {
  readonly #client: CloudFormationClient;

  constructor(endpoint: string) {
    this.#client = new CloudFormationClient(clientConfig(endpoint));
  }

  async find(StackName: string): Promise<Stack | undefined> {
    try {
      const { Stacks } = await this.#client.send(new DescribeStacksCommand({ StackName }));
      return Stacks?.[0];
    } catch (error) {
      if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
      throw error;
    }
  }

  async deployed(name: string): Promise<DeployedStack | undefined> {
    const stack = await this.find(name);
    if (!stack?.StackId) return undefined;
    const resources = new Map<string, string>();
    const pages = paginateListStackResources({ client: this.#client }, { StackName: name });
    for await (const { StackResourceSummaries = [] } of pages) {
      for (const { LogicalResourceId, PhysicalResourceId } of StackResourceSummaries) {
        if (LogicalResourceId && PhysicalResourceId) resources.set(LogicalResourceId, PhysicalResourceId);
      }
    }
    const outputs = (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
      OutputKey,
      OutputValue,
    ]);
    return { id: stack.StackId, name, outputs: Object.fromEntries(outputs), resources };
  }

  /** Makes way for a deployment where an earlier one ended half-way. True if there was something in the way. */
  async makeWay(StackName: string): Promise<boolean> {
    const stack = await this.find(StackName);
    if (!STUCK.has(stack?.StackStatus ?? '')) return false;
    await this.remove(StackName);
    return true;
  }

  /** Resources that LocalStack fails to delete stay behind without a stack: they are in nobody's way. */
  async remove(StackName: string): Promise<void> {
    await this.#client.send(new DeleteStackCommand({ StackName }));
    const until = Date.now() + DELETION_MS;
    for (;;) {
      const status = (await this.find(StackName))?.StackStatus;
      if (!status || status === 'DELETE_COMPLETE' || status === 'DELETE_FAILED') return;
      if (Date.now() > until) throw new Error(`The stack ${StackName} is still not deleted: ${status}`);
      await sleep(200);
    }
  }

  /** What failed, by resource and reason, the first first. */
  async failures(StackName: string): Promise<string[]> {
    const told: string[] = [];
    try {
      for await (const { StackEvents = [] } of paginateDescribeStackEvents(
        { client: this.#client },
        { StackName },
      )) {
        for (const {
          ResourceStatus = '',
          LogicalResourceId,
          ResourceType,
          ResourceStatusReason,
        } of StackEvents) {
          if (
            /_FAILED$/.test(ResourceStatus) &&
            ResourceStatusReason &&
            ResourceType !== 'AWS::CloudFormation::Stack'
          ) {
            told.push(`${ResourceType} ${LogicalResourceId}: ${ResourceStatusReason}`);
          }
        }
      }
    } catch {
      // There is no stack, or nobody to ask: the command's own words have to do.
    }
    return told.reverse();
  }

  close(): void {
    this.#client.destroy();
  }
}
