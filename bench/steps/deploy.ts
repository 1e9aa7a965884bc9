import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import { clientOptions, commandEnvironment } from '../clients';

const run = promisify(execFile);
const app = join(__dirname, '..', 'app');

export interface Deployment {
  wallMillis: number;
  stackMillis: number;
  resources: number;
  api: string;
  apiUrl: string;
  table: string;
  functionName: string;
}

/** What CDK asks for once an account; tierkit has it from the start. Not timed. */
export async function bootstrap(endpoint: string): Promise<void> {
  await cdklocal(endpoint, ['bootstrap', 'aws://000000000000/us-east-1']);
}

export async function deploy(endpoint: string): Promise<Deployment> {
  const output = join(__dirname, '..', 'dist', `cdk.out-${process.pid}`);
  const started = performance.now();
  await cdklocal(endpoint, ['deploy', '--require-approval', 'never', '--output', output]);
  const wallMillis = performance.now() - started;
  await rm(output, { recursive: true, force: true });
  return { wallMillis, ...(await describe(endpoint)) };
}

async function describe(endpoint: string): Promise<Omit<Deployment, 'wallMillis'>> {
  const client = new CloudFormationClient(clientOptions(endpoint));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'bench' }));
  const outputs = new Map(
    Stacks?.[0]?.Outputs?.map((output) => [output.OutputKey, output.OutputValue ?? '']),
  );
  const times: number[] = [];
  const made = new Set<string>();
  for await (const page of paginateDescribeStackEvents({ client }, { StackName: 'bench' })) {
    for (const event of page.StackEvents ?? []) {
      // The review of the change set is CDK's time, not the stack's.
      if (String(event.ResourceStatus) === 'REVIEW_IN_PROGRESS') continue;
      times.push(event.Timestamp?.getTime() ?? Number.NaN);
      if (event.PhysicalResourceId !== event.StackId && event.LogicalResourceId)
        made.add(event.LogicalResourceId);
    }
  }
  client.destroy();
  const api = outputs.get('ApiId') ?? '';
  return {
    stackMillis: Math.max(...times) - Math.min(...times),
    resources: made.size,
    api,
    apiUrl: `${endpoint}/restapis/${api}/prod/_user_request_/items/1`,
    table: outputs.get('TableName') ?? '',
    functionName: outputs.get('FunctionName') ?? '',
  };
}

async function cdklocal(endpoint: string, args: readonly string[]): Promise<void> {
  const command = join(dirname(require.resolve('aws-cdk-local/package.json')), 'bin', 'cdklocal');
  await run(process.execPath, [command, ...args], {
    cwd: app,
    env: commandEnvironment(endpoint),
    maxBuffer: 16 * 1024 * 1024,
    timeout: 180_000,
  });
}
