import { Context } from '../identity/policies';
import type { Call, Needed, Principal, PrincipalPolicies } from '../kernel';

const TYPES: Readonly<Record<Principal['type'], string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  service: 'AWSService',
  anonymous: 'Anonymous',
};

/**
 * The keys that every request has, those of its service, and those of what it is about.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function contextOf(call: Call, needed: Needed, policies: PrincipalPolicies, input: object): Context {
  const { principal, http } = call;
  const context = new Context()
    .set('aws:PrincipalArn', principal.roleArn ?? principal.arn)
    .set('aws:PrincipalAccount', principal.account)
    .set('aws:PrincipalType', TYPES[principal.type])
    .set('aws:PrincipalIsAWSService', String(principal.type === 'service'))
    .set('aws:userid', principal.userId)
    .set('aws:username', principal.type === 'user' ? principal.arn.split('/').at(-1) : undefined)
    .set('aws:SourceIdentity', principal.session?.sourceIdentity)
    .set('aws:RequestedRegion', call.region)
    .set('aws:ResourceAccount', needed.owner ?? call.account)
    .set('aws:CurrentTime', () => [call.clock.now().toISOString()])
    .set('aws:EpochTime', () => [String(Math.floor(call.clock.millis() / 1000))])
    // Who was not asked for a second factor has none; long-term keys do not even say so.
    .set('aws:MultiFactorAuthPresent', principal.type === 'assumed-role' ? 'false' : undefined)
    // Calls that services make on a caller's behalf come over TLS on AWS.
    .set('aws:SecureTransport', String(http?.secure ?? true))
    .set('aws:ViaAWSService', String(http === undefined))
    .set('aws:SourceIp', http?.sourceIp)
    .set('aws:UserAgent', http?.headers['user-agent'])
    .set('aws:Referer', http?.headers.referer)
    .set('aws:TagKeys', () => {
      const tags = requestTags(input);
      return tags && Object.keys(tags);
    })
    .family('aws:PrincipalTag/', (name) => tagOf(policies.tags, name))
    .family('aws:RequestTag/', (name) => tagOf(requestTags(input), name))
    .family('aws:ResourceTag/', (name) => tagOf(needed.tags?.(), name));
  for (const [key, value] of Object.entries(needed.keys ?? {})) context.set(key, value);
  return context;
}

/** Names of tags have no case in condition keys. */
function tagOf(tags: Readonly<Record<string, string>> | undefined, name: string): [string] | undefined {
  if (!tags) return undefined;
  const exact = tags[name];
  if (exact !== undefined) return [exact];
  const wanted = name.toLowerCase();
  const found = Object.entries(tags).find(([key]) => key.toLowerCase() === wanted);
  return found && [found[1]];
}

/** Tags that a request brings, in either of the two shapes that AWS has for them. */
function requestTags(input: object): Record<string, string> | undefined {
  const tags: unknown = Reflect.get(input, 'Tags') ?? Reflect.get(input, 'tags');
  if (Array.isArray(tags)) {
    return Object.fromEntries(
      tags.map((tag: object) => [
        String(Reflect.get(tag, 'Key') ?? Reflect.get(tag, 'TagKey') ?? Reflect.get(tag, 'key')),
        String(Reflect.get(tag, 'Value') ?? Reflect.get(tag, 'TagValue') ?? Reflect.get(tag, 'value') ?? ''),
      ]),
    );
  }
  return typeof tags === 'object' && tags !== null ? (tags as Record<string, string>) : undefined;
}
