import type { StackEvent, StackSummary } from '@aws-sdk/client-cloudformation';
import type { Host } from '../kernel';
import type { LocalCloud } from './local-cloud';

/** A resource that failed, for the person who deployed it. */
export interface ResourceFailure {
  stack: string;
  /** What became of the stack. */
  stackStatus: string;
  logicalId: string;
  type: string;
  status: string;
  reason: string;
}

/** The resources of all stacks that failed since `since` (milliseconds), oldest first within a stack. */
export async function failures(cloud: LocalCloud, since: number): Promise<ResourceFailure[]> {
  const found: ResourceFailure[] = [];
  for (const { account, region } of cloud.database.scopes('cloudformation')) {
    const host = cloud.host(region, account);
    for (const stack of await stacks(host)) found.push(...(await failuresOf(host, stack, since)));
  }
  return found;
}

async function stacks(host: Host): Promise<StackSummary[]> {
  const all: StackSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await host.invoke('cloudformation', 'ListStacks', { NextToken });
    all.push(...(page.StackSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return all;
}

async function failuresOf(host: Host, stack: StackSummary, since: number): Promise<ResourceFailure[]> {
  const found: ResourceFailure[] = [];
  let NextToken: string | undefined;
  do {
    const page = await host.invoke('cloudformation', 'DescribeStackEvents', {
      StackName: stack.StackId,
      NextToken,
    });
    // Newest first: what is older than `since` is somebody else's deployment.
    for (const event of page.StackEvents ?? []) {
      if (Number(event.Timestamp) < since) return found.reverse();
      if (isCause(event)) found.push(described(stack, event));
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found.reverse();
}

/** Not a stack's own event, which only counts its resources, nor a resource that another one's failure ended. */
function isCause(event: StackEvent): boolean {
  return (
    (event.ResourceStatus ?? '').endsWith('_FAILED') &&
    event.PhysicalResourceId !== event.StackId &&
    !/^Resource (creation|update) cancelled$/.test(event.ResourceStatusReason ?? '')
  );
}

function described(stack: StackSummary, event: StackEvent): ResourceFailure {
  return {
    stack: stack.StackName ?? '',
    stackStatus: stack.StackStatus ?? '',
    logicalId: event.LogicalResourceId ?? '',
    type: event.ResourceType ?? '',
    status: event.ResourceStatus ?? '',
    reason: event.ResourceStatusReason ?? '',
  };
}
