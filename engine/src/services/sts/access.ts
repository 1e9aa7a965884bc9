import type {
  AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommandInput,
  GetFederationTokenCommandInput,
} from '@aws-sdk/client-sts';
import { type Access, type Call, type Needed, parseArn } from '../../kernel';
import { federatedUserArn } from './federation-token';
import { findRole, isRoleArn } from './roles';
import type { SessionTag } from './session';
import { inheritedTags } from './session-tags';
import { webIdentityOf } from './web-identity/identity';

/** What the role's trust policy must allow of whom, and under which conditions. */
async function onRole(
  call: Call,
  input: AssumeRoleCommandInput | AssumeRoleWithWebIdentityCommandInput,
  more: Pick<Needed, 'keys' | 'families'>,
): Promise<(action: string) => Needed> {
  const resource = input.RoleArn ?? '';
  const role = await findRole(call, resource);
  const tags = Object.fromEntries((role?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
  return (action) => ({
    action: `sts:${action}`,
    resource,
    keys: { 'sts:RoleSessionName': input.RoleSessionName, ...more.keys },
    families: { 'iam:ResourceTag/': (name) => tags[name], ...more.families },
    tags: () => tags,
    policy: { text: decoded(role?.AssumeRolePolicyDocument), rule: 'required' },
    ...ownerOf(resource),
  });
}

function ownerOf(roleArn: string): { owner?: string } {
  const account = parseArn(roleArn)?.account;
  return account === undefined ? {} : { owner: account };
}

const decoded = (document: string | undefined): string | undefined =>
  document === undefined ? undefined : decodeURIComponent(document);

/**
 * A role is assumed where its trust policy allows it. Whether that suffices depends on how it names the caller: where it
 * names an account only, or another account's, the caller's own policies must allow it too.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
async function toAssumeRole(input: AssumeRoleCommandInput, call: Call): Promise<Needed[]> {
  // What is no role's ARN, and guests, are for the operation to refuse.
  if (!isRoleArn(input.RoleArn ?? '') || call.principal.type === 'federated-user') return [];
  // What stays along the chain is set on each of its roles anew.
  const sourceIdentity = call.principal.session?.sourceIdentity ?? input.SourceIdentity;
  const inherited = inheritedTags(call.principal);
  const needed = await onRole(call, input, {
    keys: {
      'sts:ExternalId': input.ExternalId,
      'sts:SourceIdentity': sourceIdentity,
      'sts:TransitiveTagKeys': input.TransitiveTagKeys,
    },
  });
  return [
    needed('AssumeRole'),
    ...(input.Tags?.length || inherited.length > 0 ? [needed('TagSession')] : []),
    ...(sourceIdentity === undefined ? [] : [needed('SetSourceIdentity')]),
  ];
}

/** The token is verified before any policy is asked. */
async function toTradeToken(input: AssumeRoleWithWebIdentityCommandInput, call: Call): Promise<Needed[]> {
  const { RoleArn = '' } = input;
  if (!isRoleArn(RoleArn)) return [];
  const identity = await webIdentityOf(input, call, parseArn(RoleArn)?.account ?? '');
  const { tags, transitive, sourceIdentity } = identity;
  const needed = await onRole(call, input, {
    keys: {
      ...identity.keys,
      'aws:FederatedProvider': identity.provider,
      'sts:SourceIdentity': sourceIdentity,
      'sts:TransitiveTagKeys': transitive.length > 0 ? transitive : undefined,
      ...tagKeysOf(tags),
    },
    families: requestTagsOf(tags),
  });
  const asFederated = (action: string): Needed => ({
    ...needed(action),
    caller: identity.principal,
    sentence: `Not authorized to perform sts:${action}`,
  });
  return [
    asFederated('AssumeRoleWithWebIdentity'),
    ...(tags.length > 0 ? [asFederated('TagSession')] : []),
    ...(sourceIdentity === undefined ? [] : [asFederated('SetSourceIdentity')]),
  ];
}

function toFederate(input: GetFederationTokenCommandInput, call: Call): Needed[] {
  const needed = (action: string): Needed => ({
    action: `sts:${action}`,
    resource: federatedUserArn(call.principal.account, input.Name ?? ''),
  });
  return [needed('GetFederationToken'), ...(input.Tags?.length ? [needed('TagSession')] : [])];
}

const tagKeysOf = (tags: readonly SessionTag[]) => ({
  'aws:TagKeys': tags.length > 0 ? tags.map(({ Key }) => Key) : undefined,
});

/** Names of tags have no case. */
const requestTagsOf = (tags: readonly SessionTag[]): NonNullable<Needed['families']> => ({
  'aws:RequestTag/': (name) => tags.find(({ Key }) => Key.toLowerCase() === name.toLowerCase())?.Value,
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecuritytokenservice.html */
const access: Access<'sts'> = {
  AssumeRole: toAssumeRole,
  AssumeRoleWithWebIdentity: toTradeToken,
  GetAccessKeyInfo: () => ({ action: 'sts:GetAccessKeyInfo', resource: '*' }),
  // Nobody needs a permission to learn who they are, nor can it be denied.
  GetCallerIdentity: () => [],
  GetFederationToken: toFederate,
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html: "No permissions are required"
  GetSessionToken: () => [],
};

export default access;
