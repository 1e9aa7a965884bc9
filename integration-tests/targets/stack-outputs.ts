import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Deployment } from './target';

/** The outputs of a stack that was deployed. */
export async function outputsOf(
  stackName: string,
  clientConfig: Deployment['clientConfig'],
): Promise<Record<string, string>> {
  const client = new CloudFormationClient(clientConfig);
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks?.[0]?.Outputs ?? [];
    return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  } finally {
    client.destroy();
  }
}
