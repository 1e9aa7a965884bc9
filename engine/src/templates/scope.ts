/** What the intrinsics of a template can see. */
export interface Scope {
  readonly account: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  /** By name: a text, or a list of texts for list types. */
  readonly parameters: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly conditions: Readonly<Record<string, boolean>>;
  /** The physical id of a resource. */
  ref(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  exported(name: string): string;
  zones(region: string): readonly string[];
  /** Whether Fn::Length, Fn::ToJsonString and defaults of Fn::FindInMap may be used. */
  readonly languageExtensions: boolean;
}

/** What a change set shows for a value that only exists once the change is made. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

export function pseudoParameter(name: string, scope: Scope): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return scope.account;
    case 'AWS::Region':
      return scope.region;
    case 'AWS::StackId':
      return scope.stackId;
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::Partition':
      return scope.region.startsWith('cn-')
        ? 'aws-cn'
        : scope.region.startsWith('us-gov-')
          ? 'aws-us-gov'
          : 'aws';
    case 'AWS::URLSuffix':
      return scope.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    default:
      return undefined;
  }
}

export const PSEUDO_PARAMETERS: ReadonlySet<string> = new Set([
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
]);
