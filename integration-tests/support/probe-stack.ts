import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';
import { deployment } from './deployment';

/** Deploys one resource in a stack of its own, which is gone afterwards. Gives why it failed; nothing if it did not. */
export async function whyNotDeployed(resource: object): Promise<string> {
  const client = new CloudFormationClient(deployment().clientConfig);
  const StackName = `theatre-probe-${randomUUID().slice(0, 8)}`;
  const TemplateBody = JSON.stringify({ Resources: { Probe: resource } });
  const waiter = { client, maxWaitTime: 300, minDelay: 1 };
  try {
    const { StackId } = await client.send(new CreateStackCommand({ StackName, TemplateBody }));
    const failed = await waitUntilStackCreateComplete(waiter, { StackName }).then(
      () => false,
      () => true,
    );
    const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName }));
    await client.send(new DeleteStackCommand({ StackName }));
    await waitUntilStackDeleteComplete(waiter, { StackName: StackId });
    if (!failed) return '';
    const first = StackEvents.findLast(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
    return first?.ResourceStatusReason ?? 'failed without a reason';
  } finally {
    client.destroy();
  }
}
