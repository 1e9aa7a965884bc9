import { type Access, arn, type Call, type Needed } from '../../kernel';

/** Actions that know no resources. */
const anywhere = (action: string): Needed => ({ action: `xray:${action}`, resource: '*' });

const onRule = (
  action: string,
  call: Call,
  name: string | undefined,
  ruleArn: string | undefined,
): Needed => ({
  action: `xray:${action}`,
  resource: arn('xray', call.region, call.account, `sampling-rule/${name ?? ruleArn?.split('/')[1]}`),
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html */
const access: Access<'xray'> = {
  BatchGetTraces: () => anywhere('BatchGetTraces'),
  CreateSamplingRule: ({ SamplingRule: rule }, call) =>
    onRule('CreateSamplingRule', call, rule?.RuleName, rule?.RuleARN),
  DeleteSamplingRule: (input, call) => onRule('DeleteSamplingRule', call, input.RuleName, input.RuleARN),
  GetEncryptionConfig: () => anywhere('GetEncryptionConfig'),
  GetSamplingRules: () => anywhere('GetSamplingRules'),
  GetSamplingTargets: () => anywhere('GetSamplingTargets'),
  GetServiceGraph: () => anywhere('GetServiceGraph'),
  GetTraceGraph: () => anywhere('GetTraceGraph'),
  GetTraceSummaries: () => anywhere('GetTraceSummaries'),
  PutTelemetryRecords: () => anywhere('PutTelemetryRecords'),
  PutTraceSegments: () => anywhere('PutTraceSegments'),
  UpdateSamplingRule: ({ SamplingRuleUpdate: rule }, call) =>
    onRule('UpdateSamplingRule', call, rule?.RuleName, rule?.RuleARN),
};

export default access;
