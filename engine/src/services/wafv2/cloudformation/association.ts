import { defineResource } from '../../../kernel';
import { unlessGone } from '../../../kernel/tags';
import { GONE } from './values';

interface Properties {
  ResourceArn: string;
  WebACLArn: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webaclassociation.html */
export const association = defineResource<Properties>({
  type: 'AWS::WAFv2::WebACLAssociation',
  properties: { ResourceArn: true, WebACLArn: true },
  async create({ call, properties: { ResourceArn, WebACLArn } }) {
    await call.invoke('wafv2', 'AssociateWebACL', { ResourceArn, WebACLArn });
    return { physicalId: `${ResourceArn}|${WebACLArn}` };
  },
  async delete({ call, properties: { ResourceArn, WebACLArn } }) {
    const found = await unlessGone(call.invoke('wafv2', 'GetWebACLForResource', { ResourceArn }), GONE);
    // One that took its place stays.
    if (found?.WebACL?.ARN !== WebACLArn) return;
    await unlessGone(call.invoke('wafv2', 'DisassociateWebACL', { ResourceArn }), GONE);
  },
});
