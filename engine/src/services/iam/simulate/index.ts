import type { EvaluationResult } from '@aws-sdk/client-iam';
import { type Call, type NamedPolicy, notImplemented, type Operation, parseArn } from '../../../kernel';
import { checkDocument } from '../documents';
import { invalidInput } from '../errors';
import { listOf } from '../lists';
import { Simulator } from './evaluate';
import { callerOf, type Source, sourceOf } from './sources';

type Input = Parameters<typeof simulateCustomPolicy>[0];
type Shared = Omit<Input, 'PolicyInputList'> & { PolicyInputList?: string[] | undefined };

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulateCustomPolicy.html */
export const simulateCustomPolicy: Operation<'iam', 'SimulateCustomPolicy'> = (input, call) => {
  if (input.OrderedOrganizationPolicyInputList?.length)
    throw notImplemented('IAM SimulateCustomPolicy OrderedOrganizationPolicyInputList');
  // Nobody in particular, where nobody is named.
  const caller = callerOf(`arn:aws:iam::${call.account}:user/simulated`);
  return simulate(input, { caller, identity: [] });
};

/** https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export const simulatePrincipalPolicy: Operation<'iam', 'SimulatePrincipalPolicy'> = (input, call: Call) => {
  if (input.PolicyExclusionList?.length)
    throw notImplemented('IAM SimulatePrincipalPolicy PolicyExclusionList');
  return simulate(input, sourceOf(call, input.PolicySourceArn!));
};

function simulate(input: Shared, source: Source) {
  if (input.ResourceHandlingOption !== undefined)
    throw notImplemented('IAM policy simulation ResourceHandlingOption');
  const caller = callerIn(input, source);
  const simulator = new Simulator({
    caller,
    identity: [...source.identity, ...given('PolicyInputList', input.PolicyInputList)],
    boundary:
      given('PermissionsBoundaryPolicyInputList', input.PermissionsBoundaryPolicyInputList)[0] ??
      source.boundary,
    resource: resourcePolicy(input.ResourcePolicy),
    owner: (input.ResourceOwner && parseArn(input.ResourceOwner)?.account) || caller.account,
    context: input.ContextEntries ?? [],
  });
  const resources = input.ResourceArns?.length ? input.ResourceArns : undefined;
  const { items, page } = listOf(input.ActionNames!, (action) => action, input);
  const EvaluationResults: EvaluationResult[] = items.map((action) => simulator.result(action, resources));
  return { EvaluationResults, ...page };
}

function callerIn(input: Shared, source: Source) {
  if (input.CallerArn === undefined) return source.caller;
  if (!parseArn(input.CallerArn)?.resource.startsWith('user/'))
    throw invalidInput(`Invalid Entity Arn: ${input.CallerArn} is not the ARN of a user.`);
  return callerOf(input.CallerArn);
}

function given(list: string, texts: readonly string[] | undefined): NamedPolicy[] {
  return (texts ?? []).map((text, i) => {
    checkDocument(text, 'identity');
    return { name: `${list}.${i + 1}`, text };
  });
}

function resourcePolicy(text: string | undefined): NamedPolicy | undefined {
  if (text === undefined) return undefined;
  checkDocument(text, 'resource');
  return { name: 'ResourcePolicy', text };
}
