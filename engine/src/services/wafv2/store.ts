import type {
  AssociationConfig,
  CustomResponseBody,
  DefaultAction,
  IPAddressVersion,
  Regex,
  Rule,
  Tag,
  VisibilityConfig,
} from '@aws-sdk/client-wafv2';
import type { Collection, Store } from '../../storage';

/** What all that AWS WAF keeps has in common. */
export interface Entity {
  id: string;
  name: string;
  arn: string;
  description?: string | undefined;
  /** Changes with every change. */
  lockToken: string;
  tags: Tag[];
}

export interface RulesRecord extends Entity {
  rules: Rule[];
  visibility: VisibilityConfig;
  bodies?: Record<string, CustomResponseBody> | undefined;
  capacity: number;
}

export interface WebAclRecord extends RulesRecord {
  defaultAction: DefaultAction;
  association?: AssociationConfig | undefined;
}

export interface IpSetRecord extends Entity {
  version: IPAddressVersion;
  addresses: string[];
}

export interface RegexSetRecord extends Entity {
  patterns: Regex[];
}

/** What is kept of each kind, as it is named in ARNs. */
export interface Records {
  webacl: WebAclRecord;
  rulegroup: RulesRecord;
  ipset: IpSetRecord;
  regexpatternset: RegexSetRecord;
}

export type Kind = keyof Records;
export type Tables = { [K in Kind]: Collection<Records[K]> };

/** All by their names, which are unique. */
export function collections(store: Store): Tables {
  return {
    webacl: store.collection('web-acls'),
    rulegroup: store.collection('rule-groups'),
    ipset: store.collection('ip-sets'),
    regexpatternset: store.collection('regex-pattern-sets'),
  };
}

export const tables = (call: { store: Store }): Tables => collections(call.store);
