import { AwsError } from '../../kernel';
import type { Template } from '../../templates/template';

/** Names a template may give; with one, CAPABILITY_IAM is not enough. */
const NAMED: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};

const IAM = new Set([
  ...Object.keys(NAMED),
  'AWS::IAM::AccessKey',
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
  'AWS::IAM::UserToGroupAddition',
]);

/** What a caller must acknowledge to have a template deployed, with the types that ask for it. */
export function requiredCapabilities(
  template: Template,
): { capability: string; types: string[] } | undefined {
  const resources = Object.values(template.Resources).filter(({ Type }) => IAM.has(Type));
  if (resources.length === 0) return undefined;
  const named = resources.some(({ Type, Properties }) => {
    const name = NAMED[Type];
    return name !== undefined && Properties?.[name] !== undefined;
  });
  return {
    capability: named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM',
    types: [...new Set(resources.map(({ Type }) => Type))],
  };
}

export function checkCapabilities(template: Template, given: readonly string[]): void {
  const required = requiredCapabilities(template)?.capability;
  if (required === undefined || given.includes('CAPABILITY_NAMED_IAM')) return;
  if (required === 'CAPABILITY_IAM' && given.includes('CAPABILITY_IAM')) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${required}]`);
}
