import type { Rule, Tag } from '@aws-sdk/client-wafv2';
import { stageWebAcls } from '../../execute-api/stage-web-acls';
import { type Access, arn, type Call, type Needed } from '../../kernel';
import { stagePlace } from './associations';
import { findByArn } from './entities';
import { referred } from './statements';
import type { Kind } from './store';

const onArn = (call: Call, action: string, resource = ''): Needed => ({
  action: `wafv2:${action}`,
  resource,
  tags: () => {
    const tags = findByArn(call, resource)?.entity.tags ?? [];
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  },
});

interface Named {
  Name?: string | undefined;
  Id?: string | undefined;
  ARN?: string | undefined;
}

/** What is created has no id yet. */
const on =
  (action: string, kind: Kind) =>
  ({ ARN, Id = '*', Name = '' }: Named, call: Call): Needed =>
    onArn(call, action, ARN ?? arn('wafv2', call.region, call.account, `regional/${kind}/${Name}/${Id}`));

/** Rules may only refer to what their author may use. */
const withRules =
  (action: string, kind: Kind) =>
  (input: Named & { Rules?: Rule[] | undefined }, call: Call): Needed[] => [
    on(action, kind)(input, call),
    ...referred(input.Rules).map((resource) => onArn(call, action, resource)),
  ];

/** Whoever makes something may only tag it if they may tag. */
const creating =
  (action: string, kind: Kind) =>
  (input: Named & { Tags?: Tag[] | undefined; Rules?: Rule[] | undefined }, call: Call): Needed[] => [
    ...withRules(action, kind)(input, call),
    ...(input.Tags?.length ? [on('TagResource', kind)(input, call)] : []),
  ];

const anywhere = (action: string) => (): Needed => ({ action: `wafv2:${action}`, resource: '*' });

const onTagged =
  (action: string) =>
  (input: { ResourceARN?: string | undefined }, call: Call): Needed =>
    onArn(call, action, input.ResourceARN);

/** https://docs.aws.amazon.com/waf/latest/developerguide/security_iam_service-with-iam.html */
const settingWebAcl = (resource = ''): Needed => ({ action: 'apigateway:SetWebACL', resource });

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html */
const access: Access<'wafv2'> = {
  CreateWebACL: creating('CreateWebACL', 'webacl'),
  GetWebACL: on('GetWebACL', 'webacl'),
  UpdateWebACL: withRules('UpdateWebACL', 'webacl'),
  DeleteWebACL: on('DeleteWebACL', 'webacl'),
  ListWebACLs: anywhere('ListWebACLs'),
  AssociateWebACL: ({ ResourceArn, WebACLArn }, call) => [
    onArn(call, 'AssociateWebACL', WebACLArn),
    onArn(call, 'AssociateWebACL', ResourceArn),
    settingWebAcl(ResourceArn),
  ],
  DisassociateWebACL: ({ ResourceArn }, call) => [
    onArn(call, 'DisassociateWebACL', ResourceArn),
    settingWebAcl(ResourceArn),
  ],
  GetWebACLForResource: async ({ ResourceArn }, call) => {
    const webAcl = (await stageWebAcls(call)).get(stagePlace(call, ResourceArn));
    return [ResourceArn, webAcl]
      .filter((resource) => resource !== undefined)
      .map((resource) => onArn(call, 'GetWebACLForResource', resource));
  },
  ListResourcesForWebACL: ({ WebACLArn }, call) => onArn(call, 'ListResourcesForWebACL', WebACLArn),
  CreateRuleGroup: creating('CreateRuleGroup', 'rulegroup'),
  GetRuleGroup: on('GetRuleGroup', 'rulegroup'),
  UpdateRuleGroup: withRules('UpdateRuleGroup', 'rulegroup'),
  DeleteRuleGroup: on('DeleteRuleGroup', 'rulegroup'),
  ListRuleGroups: anywhere('ListRuleGroups'),
  CreateIPSet: creating('CreateIPSet', 'ipset'),
  GetIPSet: on('GetIPSet', 'ipset'),
  UpdateIPSet: on('UpdateIPSet', 'ipset'),
  DeleteIPSet: on('DeleteIPSet', 'ipset'),
  ListIPSets: anywhere('ListIPSets'),
  CreateRegexPatternSet: creating('CreateRegexPatternSet', 'regexpatternset'),
  GetRegexPatternSet: on('GetRegexPatternSet', 'regexpatternset'),
  UpdateRegexPatternSet: on('UpdateRegexPatternSet', 'regexpatternset'),
  DeleteRegexPatternSet: on('DeleteRegexPatternSet', 'regexpatternset'),
  ListRegexPatternSets: anywhere('ListRegexPatternSets'),
  CheckCapacity: anywhere('CheckCapacity'),
  GetSampledRequests: ({ WebAclArn }, call) => onArn(call, 'GetSampledRequests', WebAclArn),
  GetRateBasedStatementManagedKeys: ({ WebACLId: Id, WebACLName: Name }, call) =>
    on('GetRateBasedStatementManagedKeys', 'webacl')({ Id, Name }, call),
  TagResource: onTagged('TagResource'),
  UntagResource: onTagged('UntagResource'),
  ListTagsForResource: onTagged('ListTagsForResource'),
};

export default access;
