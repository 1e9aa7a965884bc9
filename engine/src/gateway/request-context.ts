import { Context } from '../identity/policies';
import type { Call, Needed, Principal, PrincipalPolicies } from '../kernel';

const TYPES: Readonly<Record<Principal['type'], string | undefined>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  // What it is for a service is documented nowhere.
  service: undefined,
  anonymous: 'Anonymous',
};

/**
 * The services that name themselves; others that call on somebody's behalf only say that they do (aws:ViaAWSService).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-calledvia
 */
const NAMES_ITSELF = new Set(
  ['athena', 'cloudformation', 'dynamodb', 'kms'].map((name) => `${name}.amazonaws.com`),
);

/**
 * The keys that every request has, those of its service, and those of what it is about.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function contextOf(call: Call, needed: Needed, policies: PrincipalPolicies, input: object): Context {
  const { principal, http } = call;
  const isService = principal.type === 'service';
  const via = principal.calledVia?.filter((service) => NAMES_ITSELF.has(service)) ?? [];
  const context = new Context()
    // A service has a name, and is of nobody's account.
    .set('aws:PrincipalArn', isService ? undefined : (principal.roleArn ?? principal.arn))
    .set('aws:PrincipalAccount', isService ? undefined : principal.account)
    .set('aws:PrincipalType', TYPES[principal.type])
    .set('aws:PrincipalIsAWSService', String(isService))
    .set('aws:PrincipalServiceName', isService ? principal.arn : undefined)
    .set('aws:PrincipalServiceNamesList', isService ? principal.arn : undefined)
    .set('aws:SourceArn', principal.source?.sourceArn)
    .set('aws:SourceAccount', principal.source?.sourceAccount)
    .set('aws:userid', isService ? undefined : principal.userId)
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
    .set('aws:ViaAWSService', String(principal.calledVia !== undefined))
    .set('aws:CalledVia', via.length > 0 ? via : undefined)
    .set('aws:CalledViaFirst', via[0])
    .set('aws:CalledViaLast', via.at(-1))
    .set('aws:SourceIp', http?.sourceIp)
    .set('aws:UserAgent', http?.headers['user-agent'])
    .set('aws:Referer', http?.headers.referer)
    .set('aws:TagKeys', () => tagKeys(input))
    .family('aws:PrincipalTag/', (name) => tagOf(policies.tags, name))
    .family('aws:RequestTag/', (name) => tagOf(requestTags(input), name))
    .family('aws:ResourceTag/', (name) => tagOf(needed.tags?.(), name))
    .family(`${needed.action.split(':')[0]}:ResourceTag/`, (name) => tagOf(needed.tags?.(), name));
  for (const [prefix, find] of Object.entries(needed.families ?? {})) {
    context.family(prefix, (name) => {
      const value = find(name);
      return value === undefined ? undefined : [value];
    });
  }
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

/** The keys of the tags that a request brings, or of those it takes away. */
function tagKeys(input: object): string[] | undefined {
  const tags = requestTags(input);
  if (tags) return Object.keys(tags);
  const removed: unknown =
    Reflect.get(input, 'TagKeys') ?? Reflect.get(input, 'tagKeys') ?? Reflect.get(input, 'tags');
  return Array.isArray(removed) ? removed.map(String) : undefined;
}

/** Tags that a request brings, in any of the three shapes that AWS has for them. */
function requestTags(input: object): Record<string, string> | undefined {
  const tags: unknown = Reflect.get(input, 'Tags') ?? Reflect.get(input, 'tags') ?? specifiedTags(input);
  if (Array.isArray(tags)) {
    // CloudWatch Logs names the keys it is to take away so.
    if (tags.every((tag) => typeof tag === 'string')) return undefined;
    return Object.fromEntries(
      tags.map((tag: object) => [
        String(Reflect.get(tag, 'Key') ?? Reflect.get(tag, 'TagKey') ?? Reflect.get(tag, 'key')),
        String(Reflect.get(tag, 'Value') ?? Reflect.get(tag, 'TagValue') ?? Reflect.get(tag, 'value') ?? ''),
      ]),
    );
  }
  return typeof tags === 'object' && tags !== null ? (tags as Record<string, string>) : undefined;
}

/** EC2's creations name the type that each set of tags is for. */
function specifiedTags(input: object): unknown[] | undefined {
  const specifications: unknown = Reflect.get(input, 'TagSpecifications');
  if (!Array.isArray(specifications)) return undefined;
  return specifications.flatMap((one: object): unknown[] => {
    const tags: unknown = Reflect.get(one, 'Tags');
    return Array.isArray(tags) ? tags : [];
  });
}
