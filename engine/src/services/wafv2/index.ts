import { webAcls } from '../../edge/waf';
import { defineService } from '../../kernel';
import * as associations from './associations';
import { checkCapacity } from './capacity';
import * as ipSets from './ip-sets';
import * as patternSets from './regex-pattern-sets';
import * as ruleGroups from './rule-groups';
import { getRateBasedStatementManagedKeys, getSampledRequests } from './seen';
import { webAclSource } from './source';
import * as tags from './tags';
import * as acls from './web-acls';

export default defineService({
  name: 'wafv2',
  operations: {
    CreateWebACL: acls.createWebAcl,
    GetWebACL: acls.getWebAcl,
    UpdateWebACL: acls.updateWebAcl,
    DeleteWebACL: acls.deleteWebAcl,
    ListWebACLs: acls.listWebAcls,
    AssociateWebACL: associations.associateWebAcl,
    DisassociateWebACL: associations.disassociateWebAcl,
    GetWebACLForResource: associations.getWebAclForResource,
    ListResourcesForWebACL: associations.listResourcesForWebAcl,
    CreateRuleGroup: ruleGroups.createRuleGroup,
    GetRuleGroup: ruleGroups.getRuleGroup,
    UpdateRuleGroup: ruleGroups.updateRuleGroup,
    DeleteRuleGroup: ruleGroups.deleteRuleGroup,
    ListRuleGroups: ruleGroups.listRuleGroups,
    CreateIPSet: ipSets.createIpSet,
    GetIPSet: ipSets.getIpSet,
    UpdateIPSet: ipSets.updateIpSet,
    DeleteIPSet: ipSets.deleteIpSet,
    ListIPSets: ipSets.listIpSets,
    CreateRegexPatternSet: patternSets.createRegexPatternSet,
    GetRegexPatternSet: patternSets.getRegexPatternSet,
    UpdateRegexPatternSet: patternSets.updateRegexPatternSet,
    DeleteRegexPatternSet: patternSets.deleteRegexPatternSet,
    ListRegexPatternSets: patternSets.listRegexPatternSets,
    CheckCapacity: checkCapacity,
    GetSampledRequests: getSampledRequests,
    GetRateBasedStatementManagedKeys: getRateBasedStatementManagedKeys,
    TagResource: tags.tagResource,
    UntagResource: tags.untagResource,
    ListTagsForResource: tags.listTagsForResource,
  },
  access: () => import('./access').then((module) => module.default),
  resources: () => import('./resources').then((module) => module.default),
  start(host, stores) {
    webAcls(host).attach(webAclSource(stores));
  },
});
