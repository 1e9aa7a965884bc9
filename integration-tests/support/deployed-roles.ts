import { randomUUID } from 'node:crypto';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam';
import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionUpdatedV2,
} from '@aws-sdk/client-lambda';
import { deployment, output } from './deployment';
import type { Grant, OtherGrant, Statement } from './grants';

/** Who is answered about what, in the words of IAM: `allowed`, `implicitDeny`, `explicitDeny`. */
export interface Verdict {
  action: string;
  resource: string;
  decision: string;
}

/** The deployed functions and their roles, as an operator sees and changes them. */
export class DeployedRoles {
  readonly iam = new IAMClient(deployment().clientConfig);
  readonly lambda = new LambdaClient(deployment().clientConfig);
  readonly #logs = new CloudWatchLogsClient(deployment().clientConfig);
  readonly #names = new Map<string, string>();

  /** Finds what was deployed. */
  async open(): Promise<this> {
    const client = new CloudFormationClient(deployment().clientConfig);
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({}));
    const isIt = ({ OutputValue }: { OutputValue?: string }) => OutputValue === output('DistributionId');
    const StackName = Stacks.find(({ Outputs }) => Outputs?.some(isIt))?.StackName;
    for await (const page of paginateListStackResources({ client }, { StackName })) {
      for (const { LogicalResourceId = '', PhysicalResourceId = '' } of page.StackResourceSummaries ?? [])
        this.#names.set(LogicalResourceId, PhysicalResourceId);
    }
    client.destroy();
    return this;
  }

  close(): void {
    for (const client of [this.iam, this.lambda, this.#logs]) client.destroy();
  }

  /** A resource's physical id. */
  nameOf(logicalId: string): string {
    const name = this.#names.get(logicalId);
    if (!name) throw new Error(`The stack has no ${logicalId}`);
    return name;
  }

  get account(): string {
    return output('DatabaseSecretArn').split(':')[4] ?? '';
  }

  /** The ARN of something of this account and region. */
  arn(service: string, rest: string): string {
    return `arn:aws:${service}:${deployment().clientConfig.region}:${this.account}:${rest}`;
  }

  async configuration(functionId: string) {
    const FunctionName = this.nameOf(functionId);
    return this.lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  }

  /** Its environments are new ones from now on: they remember nothing. */
  async refresh(functionId: string): Promise<void> {
    const FunctionName = this.nameOf(functionId);
    await this.lambda.send(
      new UpdateFunctionConfigurationCommand({ FunctionName, Description: randomUUID() }),
    );
    await waitUntilFunctionUpdatedV2({ client: this.lambda, maxWaitTime: 60, minDelay: 1 }, { FunctionName });
  }

  /** Does `work` while the grant is taken away: an action, or a whole statement. */
  async without<T>(grant: Grant | OtherGrant, work: () => Promise<T>): Promise<T> {
    const { roleId, policyName, statement } = grant;
    const taken = 'action' in grant ? [grant.action] : grant.actions;
    const at = { RoleName: this.nameOf(roleId), PolicyName: policyName };
    const { PolicyDocument = '' } = await this.iam.send(new GetRolePolicyCommand(at));
    const before = decodeURIComponent(PolicyDocument);
    const policy = JSON.parse(before) as { Statement: Statement[] };
    const found = policy.Statement[statement];
    const actions = [found?.Action ?? []].flat();
    if (!found || taken.some((one) => !actions.includes(one)))
      throw new Error(`Deployed is another policy: ${before}`);
    const rest = actions.filter((one) => !taken.includes(one));
    if (rest.length > 0) found.Action = rest;
    else policy.Statement.splice(statement, 1);
    // A policy without a statement is none.
    await (policy.Statement.length === 0
      ? this.iam.send(new DeleteRolePolicyCommand(at))
      : this.iam.send(new PutRolePolicyCommand({ ...at, PolicyDocument: JSON.stringify(policy) })));
    try {
      return await work();
    } finally {
      await this.iam.send(new PutRolePolicyCommand({ ...at, PolicyDocument: before }));
    }
  }

  /** What IAM says of the role, for each action on each resource. */
  async simulate(
    roleId: string,
    ActionNames: string[],
    ResourceArns: string[],
    context: Record<string, string> = {},
  ): Promise<Verdict[]> {
    const PolicySourceArn = `arn:aws:iam::${this.account}:role/${this.nameOf(roleId)}`;
    const ContextEntries = Object.entries(context).map(([ContextKeyName, value]) => ({
      ...{ ContextKeyName, ContextKeyValues: [value], ContextKeyType: 'string' as const },
    }));
    const verdicts: Verdict[] = [];
    const input = { PolicySourceArn, ActionNames, ResourceArns, ContextEntries };
    for await (const { EvaluationResults = [] } of paginateSimulatePrincipalPolicy(
      { client: this.iam },
      input,
    ))
      for (const { EvalActionName = '', EvalResourceName = '', EvalDecision = '' } of EvaluationResults)
        verdicts.push({ action: EvalActionName, resource: EvalResourceName, decision: EvalDecision });
    return verdicts;
  }

  /** What a function has written to its log since then. */
  async logOf(functionId: string, since: number): Promise<string> {
    const { LoggingConfig } = await this.configuration(functionId);
    const { events = [] } = await this.#logs.send(
      new FilterLogEventsCommand({ logGroupName: LoggingConfig?.LogGroup, startTime: since }),
    );
    return events.map(({ message = '' }) => message).join('\n');
  }
}
