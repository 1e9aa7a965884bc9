import { setTimeout as wait } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  paginateGetResources,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';

/** CloudFront and other global services are found in this region only. */
const GLOBAL = 'us-east-1';

/**
 * Lambda makes a log group for each function that has none of its own (CDK's helpers): the stack does not know of
 * them, but they have its name, which no other stack has.
 */
export async function deleteLogGroups(region: string, stackName: string): Promise<void> {
  const client = new CloudWatchLogsClient({ region });
  try {
    const prefix = { logGroupNamePrefix: `/aws/lambda/${stackName}-` };
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, prefix)) {
      for (const { logGroupName } of logGroups)
        await client.send(new DeleteLogGroupCommand({ logGroupName }));
    }
  } finally {
    client.destroy();
  }
}

export interface Patience {
  /** The index of tags forgets what was deleted only after a while. */
  seconds: number;
  everySeconds: number;
}

/** The ARNs that still have the run's tag, once they stay or none is left. */
export async function leftovers(
  region: string,
  tag: { key: string; value: string },
  patience: Patience,
): Promise<string[]> {
  const until = Date.now() + patience.seconds * 1000;
  for (;;) {
    const found = await Promise.all([...new Set([region, GLOBAL])].map((where) => tagged(where, tag)));
    const arns = [...new Set(found.flat())];
    if (arns.length === 0 || Date.now() > until) return arns;
    await wait(patience.everySeconds * 1000);
  }
}

/** https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html */
async function tagged(region: string, { key, value }: { key: string; value: string }): Promise<string[]> {
  const client = new ResourceGroupsTaggingAPIClient({ region });
  try {
    const arns: string[] = [];
    const filter = { TagFilters: [{ Key: key, Values: [value] }] };
    for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, filter)) {
      for (const { ResourceARN } of ResourceTagMappingList) if (ResourceARN) arns.push(ResourceARN);
    }
    return arns;
  } finally {
    client.destroy();
  }
}
