import type { Scope } from '@aws-sdk/client-wafv2';
import { defineResource } from '../../../kernel';
import { type Tag, unlessGone } from '../../../kernel/tags';
import { GONE, parseRef, refOf, retag, tagsOf } from './values';

interface Properties {
  Name?: string;
  Scope: Scope;
  Description?: string;
  RegularExpressionList: string[];
  Tags?: Tag[];
}

const contents = ({ Description, RegularExpressionList }: Properties) => ({
  Description,
  RegularExpressionList: RegularExpressionList.map((RegexString) => ({ RegexString })),
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-regexpatternset.html */
export const regexPatternSet = defineResource<Properties>({
  type: 'AWS::WAFv2::RegexPatternSet',
  properties: { Name: true, Scope: true, Description: true, RegularExpressionList: true, Tags: true },
  async create(context) {
    const { call, properties } = context;
    const { Scope } = properties;
    const Name = properties.Name ?? context.name({ maxLength: 128 });
    const { Summary } = await call.invoke('wafv2', 'CreateRegexPatternSet', {
      Name,
      Scope,
      ...contents(properties),
      ...tagsOf(context, properties.Tags),
    });
    const { ARN: Arn, Id } = Summary ?? {};
    return { physicalId: refOf(Name, Id ?? '', Scope), attributes: { Arn, Id } };
  },
  async update({ attributes, call, physicalId, previous, properties }) {
    const named = parseRef(physicalId);
    const { LockToken } = await call.invoke('wafv2', 'GetRegexPatternSet', named);
    await call.invoke('wafv2', 'UpdateRegexPatternSet', { ...named, LockToken, ...contents(properties) });
    await retag(call, String(attributes.Arn), previous.Tags, properties.Tags);
    return { physicalId, attributes };
  },
  async delete({ call, physicalId }) {
    const named = parseRef(physicalId);
    const found = await unlessGone(call.invoke('wafv2', 'GetRegexPatternSet', named), GONE);
    if (!found) return;
    const { LockToken } = found;
    await unlessGone(call.invoke('wafv2', 'DeleteRegexPatternSet', { ...named, LockToken }), GONE);
  },
});
