import type { RuleSet, WebAclSource } from '../../edge/waf';
import { parseArn, type ServiceStores } from '../../kernel';
import { nameIn } from './entities';
import { collections, type RulesRecord } from './store';

/** Web ACLs as requests are held against them. */
export const webAclSource =
  (stores: ServiceStores) =>
  (arn: string): WebAclSource | undefined => {
    const { account = '', region = '' } = parseArn(arn) ?? {};
    const all = collections(stores.of(account, region));
    const record = all.webacl.get(nameIn(arn));
    if (record?.arn !== arn) return undefined;
    return {
      ...ruleSet(record, account, 'webacl'),
      arn,
      account,
      region,
      defaultAction: record.defaultAction,
      association: record.association,
      addresses: (set) => all.ipset.get(nameIn(set))?.addresses ?? [],
      patterns: (set) =>
        (all.regexpatternset.get(nameIn(set))?.patterns ?? []).map(({ RegexString = '' }) => RegexString),
      ruleGroup: (group) => {
        const found = all.rulegroup.get(nameIn(group));
        return found && ruleSet(found, account, 'rulegroup');
      },
    };
  };

function ruleSet(record: RulesRecord, account: string, kind: 'webacl' | 'rulegroup'): RuleSet {
  const { bodies = {}, name, rules, visibility } = record;
  return { name, rules, visibility, bodies, labelNamespace: `awswaf:${account}:${kind}:${name}:` };
}
