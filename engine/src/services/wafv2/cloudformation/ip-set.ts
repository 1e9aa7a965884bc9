import type { IPAddressVersion, Scope } from '@aws-sdk/client-wafv2';
import { defineResource } from '../../../kernel';
import { type Tag, unlessGone } from '../../../kernel/tags';
import { GONE, parseRef, refOf, retag, tagsOf } from './values';

interface Properties {
  Name?: string;
  Scope: Scope;
  Description?: string;
  IPAddressVersion: IPAddressVersion;
  Addresses: string[];
  Tags?: Tag[];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-ipset.html */
export const ipSet = defineResource<Properties>({
  type: 'AWS::WAFv2::IPSet',
  properties: {
    Name: true,
    Scope: true,
    Description: true,
    IPAddressVersion: true,
    Addresses: true,
    Tags: true,
  },
  async create(context) {
    const { call, properties } = context;
    const { Addresses, Description, IPAddressVersion, Scope } = properties;
    const Name = properties.Name ?? context.name({ maxLength: 128 });
    const { Summary } = await call.invoke('wafv2', 'CreateIPSet', {
      Name,
      Scope,
      Description,
      IPAddressVersion,
      Addresses,
      ...tagsOf(context, properties.Tags),
    });
    const { ARN: Arn, Id } = Summary ?? {};
    return { physicalId: refOf(Name, Id ?? '', Scope), attributes: { Arn, Id } };
  },
  async update({ attributes, call, physicalId, previous, properties }) {
    const named = parseRef(physicalId);
    const { LockToken } = await call.invoke('wafv2', 'GetIPSet', named);
    const { Addresses, Description } = properties;
    await call.invoke('wafv2', 'UpdateIPSet', { ...named, LockToken, Addresses, Description });
    await retag(call, String(attributes.Arn), previous.Tags, properties.Tags);
    return { physicalId, attributes };
  },
  async delete({ call, physicalId }) {
    const named = parseRef(physicalId);
    const found = await unlessGone(call.invoke('wafv2', 'GetIPSet', named), GONE);
    if (!found) return;
    await unlessGone(call.invoke('wafv2', 'DeleteIPSet', { ...named, LockToken: found.LockToken }), GONE);
  },
});
