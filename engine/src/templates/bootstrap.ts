import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../kernel';
import { isAwsError } from '../kernel';
import { packageRoot } from '../package-root';
import { settled } from './running';

const STACK = 'CDKToolkit';

/** What `cdk bootstrap` passes where it is not told otherwise. */
const PARAMETERS = [
  {
    ParameterKey: 'CloudFormationExecutionPolicies',
    ParameterValue: 'arn:aws:iam::aws:policy/AdministratorAccess',
  },
  { ParameterKey: 'FileAssetsBucketKmsKeyId', ParameterValue: 'AWS_MANAGED_KEY' },
];

/**
 * Makes CDK's bootstrap stack, from the CDK CLI's own template, where it is not there yet: a later `cdk bootstrap`
 * finds what it would have made. https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
 */
export async function ensureBootstrap(host: Host, account: string, region: string): Promise<void> {
  const place = { account, region };
  try {
    await host.invoke('cloudformation', 'DescribeStacks', { StackName: STACK }, place);
    return;
  } catch (error) {
    if (!isAwsError(error, 'ValidationError')) throw error;
  }
  const body = readFileSync(join(packageRoot, 'models', 'cdk-bootstrap.json'), 'utf8');
  const { StackId } = await host.invoke(
    'cloudformation',
    'CreateStack',
    {
      StackName: STACK,
      TemplateBody: body,
      Parameters: PARAMETERS,
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    },
    place,
  );
  // On a busy machine the answer comes before the end.
  if (StackId !== undefined) await settled({ host }, StackId);
  const { Stacks } = await host.invoke('cloudformation', 'DescribeStacks', { StackName: STACK }, place);
  const { StackStatus, StackStatusReason } = Stacks?.[0] ?? {};
  if (StackStatus === 'CREATE_COMPLETE') return;
  const { StackEvents } = await host.invoke(
    'cloudformation',
    'DescribeStackEvents',
    { StackName: STACK },
    place,
  );
  const failed = (StackEvents ?? []).filter(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED');
  const reasons = failed.map((each) => `${each.LogicalResourceId}: ${each.ResourceStatusReason}`);
  host.parts.events.emit({
    type: 'engine',
    at: host.clock.millis(),
    level: 'error',
    message: `the CDK bootstrap stack of ${account}/${region} could not be made (${StackStatus}: ${StackStatusReason ?? ''}) ${reasons.join('; ')}`,
  });
  // Deleted, so that `cdk bootstrap` can make it.
  await host.invoke('cloudformation', 'DeleteStack', { StackName: STACK }, place);
}
