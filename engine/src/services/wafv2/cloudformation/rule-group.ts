import type { CustomResponseBody, Rule, Scope, VisibilityConfig } from '@aws-sdk/client-wafv2';
import { type Call, defineResource } from '../../../kernel';
import { type Tag, unlessGone } from '../../../kernel/tags';
import { apiForm, GONE, parseRef, refOf, retag, tagsOf } from './values';

interface Properties {
  Name?: string;
  Scope: Scope;
  Capacity: number | string;
  Description?: string;
  Rules?: Rule[];
  VisibilityConfig: VisibilityConfig;
  CustomResponseBodies?: Record<string, CustomResponseBody>;
  Tags?: Tag[];
}

const contents = (properties: Properties) => ({
  Description: properties.Description,
  Rules: apiForm(properties.Rules),
  VisibilityConfig: apiForm(properties.VisibilityConfig),
  CustomResponseBodies: properties.CustomResponseBodies,
});

async function provisioned(call: Call, physicalId: string) {
  const { RuleGroup } = await call.invoke('wafv2', 'GetRuleGroup', parseRef(physicalId));
  const { ARN: Arn, Id, LabelNamespace } = RuleGroup ?? {};
  return { physicalId, attributes: { Arn, Id, LabelNamespace } };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-rulegroup.html */
export const ruleGroup = defineResource<Properties>({
  type: 'AWS::WAFv2::RuleGroup',
  properties: {
    Name: true,
    Scope: true,
    Capacity: true,
    Description: true,
    Rules: true,
    VisibilityConfig: true,
    CustomResponseBodies: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const Name = properties.Name ?? context.name({ maxLength: 128 });
    const { Summary } = await call.invoke('wafv2', 'CreateRuleGroup', {
      Name,
      Scope: properties.Scope,
      Capacity: Number(properties.Capacity),
      ...contents(properties),
      ...tagsOf(context, properties.Tags),
    });
    return provisioned(call, refOf(Name, Summary?.Id ?? '', properties.Scope));
  },
  async update({ attributes, call, physicalId, previous, properties }) {
    const named = parseRef(physicalId);
    const { LockToken } = await call.invoke('wafv2', 'GetRuleGroup', named);
    await call.invoke('wafv2', 'UpdateRuleGroup', { ...named, LockToken, ...contents(properties) });
    await retag(call, String(attributes.Arn), previous.Tags, properties.Tags);
    return provisioned(call, physicalId);
  },
  async delete({ call, physicalId }) {
    const named = parseRef(physicalId);
    const found = await unlessGone(call.invoke('wafv2', 'GetRuleGroup', named), GONE);
    if (!found) return;
    await unlessGone(call.invoke('wafv2', 'DeleteRuleGroup', { ...named, LockToken: found.LockToken }), GONE);
  },
});
