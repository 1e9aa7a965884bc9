import { association } from './cloudformation/association';
import { ipSet } from './cloudformation/ip-set';
import { regexPatternSet } from './cloudformation/regex-pattern-set';
import { ruleGroup } from './cloudformation/rule-group';
import { webAcl } from './cloudformation/web-acl';

export default [association, ipSet, regexPatternSet, ruleGroup, webAcl];
