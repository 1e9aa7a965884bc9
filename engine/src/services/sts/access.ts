import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts';
import { type Access, type Call, isAwsError, type Needed, parseArn } from '../../kernel';
import { sessionsOf, transitiveTags } from './sessions';

/**
 * A role is assumed where its trust policy allows it. Whether that suffices depends on how it names the caller: where it
 * names an account only, or another account's, the caller's own policies must allow it too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
async function toAssumeRole(input: AssumeRoleCommandInput, call: Call): Promise<Needed[]> {
  const resource = input.RoleArn ?? '';
  const parsed = parseArn(resource);
  // What is no role's ARN is for the operation to refuse.
  if (parsed?.service !== 'iam' || !parsed.resource.startsWith('role/')) return [];
  const role = await findRole(call, resource, parsed.account);
  const tags = Object.fromEntries((role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  const needed = (action: string): Needed => ({
    action: `sts:${action}`,
    resource,
    keys: {
      'sts:ExternalId': input.ExternalId,
      'sts:RoleSessionName': input.RoleSessionName,
      'sts:SourceIdentity': input.SourceIdentity,
      'sts:TransitiveTagKeys': input.TransitiveTagKeys,
    },
    families: { 'iam:ResourceTag/': (name) => tags[name] },
    tags: () => tags,
    policy: { text: decoded(role?.AssumeRolePolicyDocument), rule: 'required' },
    owner: parsed.account,
  });
  const inherited = transitiveTags(sessionsOf(call.accountStore), call.principal.accessKeyId);
  return [
    needed('AssumeRole'),
    ...(input.Tags?.length || inherited.length > 0 ? [needed('TagSession')] : []),
    ...(input.SourceIdentity === undefined ? [] : [needed('SetSourceIdentity')]),
  ];
}

async function findRole(call: Call, roleArn: string, account: string) {
  const as = call.parts.identity.servicePrincipal('sts.amazonaws.com', account);
  const RoleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  try {
    const { Role } = await call.invoke('iam', 'GetRole', { RoleName }, { as, account });
    return Role?.Arn === roleArn ? Role : undefined;
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

const decoded = (document: string | undefined): string | undefined =>
  document === undefined ? undefined : decodeURIComponent(document);

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const access: Access<'sts'> = {
  AssumeRole: toAssumeRole,
  GetAccessKeyInfo: () => ({ action: 'sts:GetAccessKeyInfo', resource: '*' }),
  // Nobody needs a permission to learn who they are, nor can it be denied.
  GetCallerIdentity: () => [],
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: "No permissions are required"
  GetSessionToken: () => [],
};

export default access;
