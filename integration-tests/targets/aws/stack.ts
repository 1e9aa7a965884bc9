import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  paginateListStackResources,
  type Stack,
  waitUntilStackDeleteComplete,
} from '@aws-sdk/client-cloudformation';

/** A VPC with functions in it is given up by Lambda only after some 20 minutes. */
const DELETION_SECONDS = 60 * 60;
const TRIES = 2;

/** Deletes the stack in whatever state it is, and waits for the end. Its not being there is fine. */
export async function deleteStack(region: string, stackName: string, everySeconds: number): Promise<void> {
  const client = new CloudFormationClient({ region });
  try {
    const stack = await find(client, stackName);
    if (!stack?.StackId) return;
    // By id, so that its end can be seen: by name a deleted stack is not found.
    const StackName = stack.StackId;
    for (let attempt = 1; ; attempt++) {
      await client.send(new DeleteStackCommand({ StackName }));
      try {
        await waitUntilStackDeleteComplete(
          { client, maxWaitTime: DELETION_SECONDS, minDelay: 1, maxDelay: Math.max(1, everySeconds) },
          { StackName },
        );
        return;
      } catch (error) {
        if (attempt < TRIES) continue;
        const left = await undeleted(client, StackName);
        throw new Error(
          `The stack ${stackName} in ${region} could not be deleted. Left: ${left.join(', ') || 'unknown'}. By hand: aws cloudformation delete-stack --region ${region} --stack-name ${stackName}`,
          { cause: error },
        );
      }
    }
  } finally {
    client.destroy();
  }
}

async function find(client: CloudFormationClient, StackName: string): Promise<Stack | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0];
  } catch (error) {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message))
      return undefined;
    throw error;
  }
}

async function undeleted(client: CloudFormationClient, StackName: string): Promise<string[]> {
  const left: string[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    for (const { ResourceStatus, ResourceType, PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceStatus !== 'DELETE_COMPLETE') left.push(`${ResourceType} ${PhysicalResourceId ?? ''}`);
    }
  }
  return left;
}
