import type {
  AssociationConfig,
  CustomResponseBody,
  DefaultAction,
  Rule,
  VisibilityConfig,
} from '@aws-sdk/client-wafv2';

/** Rules with what they need around them: a web ACL's or a rule group's. */
export interface RuleSet {
  name: string;
  rules: readonly Rule[];
  visibility: VisibilityConfig;
  bodies: Readonly<Record<string, CustomResponseBody>>;
  /** What the names of its labels begin with: `awswaf:111122223333:webacl:shop:` */
  labelNamespace: string;
}

/** A web ACL, and whatever its rules refer to. */
export interface WebAclSource extends RuleSet {
  arn: string;
  account: string;
  region: string;
  defaultAction: DefaultAction;
  association: AssociationConfig | undefined;
  /** By ARN. */
  addresses(arn: string): readonly string[];
  patterns(arn: string): readonly string[];
  ruleGroup(arn: string): RuleSet | undefined;
}
