import type {
  AssociationConfig,
  CustomResponseBody,
  DefaultAction,
  Rule,
  Scope,
  VisibilityConfig,
} from '@aws-sdk/client-wafv2';
import { type Call, defineResource } from '../../../kernel';
import { type Tag, unlessGone } from '../../../kernel/tags';
import { apiForm, GONE, parseRef, refOf, retag, tagsOf } from './values';

interface Properties {
  Name?: string;
  Scope: Scope;
  Description?: string;
  DefaultAction: DefaultAction;
  Rules?: Rule[];
  VisibilityConfig: VisibilityConfig;
  CustomResponseBodies?: Record<string, CustomResponseBody>;
  AssociationConfig?: AssociationConfig;
  Tags?: Tag[];
}

const contents = (properties: Properties) => ({
  Description: properties.Description,
  DefaultAction: apiForm(properties.DefaultAction),
  Rules: apiForm(properties.Rules),
  VisibilityConfig: apiForm(properties.VisibilityConfig),
  CustomResponseBodies: properties.CustomResponseBodies,
  AssociationConfig: properties.AssociationConfig,
});

async function provisioned(call: Call, physicalId: string) {
  const { WebACL } = await call.invoke('wafv2', 'GetWebACL', parseRef(physicalId));
  const { ARN: Arn, Capacity, Id, LabelNamespace } = WebACL ?? {};
  return { physicalId, attributes: { Arn, Capacity, Id, LabelNamespace } };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webacl.html */
export const webAcl = defineResource<Properties>({
  type: 'AWS::WAFv2::WebACL',
  properties: {
    Name: true,
    Scope: true,
    Description: true,
    DefaultAction: true,
    Rules: true,
    VisibilityConfig: true,
    CustomResponseBodies: true,
    AssociationConfig: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const Name = properties.Name ?? context.name({ maxLength: 128 });
    const { Summary } = await call.invoke('wafv2', 'CreateWebACL', {
      Name,
      Scope: properties.Scope,
      ...contents(properties),
      ...tagsOf(context, properties.Tags),
    });
    return provisioned(call, refOf(Name, Summary?.Id ?? '', properties.Scope));
  },
  async update({ attributes, call, physicalId, previous, properties }) {
    const named = parseRef(physicalId);
    const { LockToken } = await call.invoke('wafv2', 'GetWebACL', named);
    await call.invoke('wafv2', 'UpdateWebACL', { ...named, LockToken, ...contents(properties) });
    await retag(call, String(attributes.Arn), previous.Tags, properties.Tags);
    return provisioned(call, physicalId);
  },
  async delete({ call, physicalId }) {
    const named = parseRef(physicalId);
    const found = await unlessGone(call.invoke('wafv2', 'GetWebACL', named), GONE);
    if (!found) return;
    await unlessGone(call.invoke('wafv2', 'DeleteWebACL', { ...named, LockToken: found.LockToken }), GONE);
  },
});
