import { Context, type Source } from '../identity/policies';
import type { Call, Needed, Principal, PrincipalPolicies, VpcEndpoint } from '../kernel';

const TYPES: Readonly<Record<Principal['type'], string | undefined>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
  federated: undefined,
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

/** All that a request's keys are made of. */
interface Asked {
  call: Call;
  /** Who is held against the policies. */
  caller: Principal;
  needed: Needed;
  policies: PrincipalPolicies;
  input: object;
  /** The VPC endpoint by which it came. */
  endpoint: VpcEndpoint | undefined;
}

type Value = ReturnType<Source>;

/** The keys that every request has, by their names in lower case. What no policy asks for is never made. */
const GLOBAL = keys({
  // A service has a name, and is of nobody's account.
  'aws:principalarn': ({ caller }) => (isNobody(caller) ? undefined : (caller.roleArn ?? caller.arn)),
  'aws:principalaccount': ({ caller }) => (isNobody(caller) ? undefined : caller.account),
  'aws:principaltype': ({ caller }) => TYPES[caller.type],
  'aws:principalisawsservice': ({ caller }) => String(caller.type === 'service'),
  'aws:principalservicename': ({ caller }) => serviceName(caller),
  'aws:principalservicenameslist': ({ caller }) => serviceName(caller),
  'aws:sourcearn': ({ caller }) => caller.source?.sourceArn,
  'aws:sourceaccount': ({ caller }) => caller.source?.sourceAccount,
  'aws:userid': ({ caller }) => (isNobody(caller) ? undefined : caller.userId),
  'aws:username': ({ caller }) => (caller.type === 'user' ? caller.arn.split('/').at(-1) : undefined),
  'aws:sourceidentity': ({ caller }) => caller.session?.sourceIdentity,
  'aws:federatedprovider': ({ caller }) => caller.session?.provider,
  'aws:tokenissuetime': ({ caller: { session } }) =>
    session?.issued === undefined ? undefined : new Date(session.issued).toISOString(),
  'aws:requestedregion': ({ call }) => (EVERYWHERE.has(call.service) ? 'us-east-1' : call.region),
  'aws:resourceaccount': ({ call, needed }) => needed.owner ?? call.account,
  'aws:currenttime': ({ call }) => call.clock.now().toISOString(),
  'aws:epochtime': ({ call }) => String(Math.floor(call.clock.millis() / 1000)),
  // Who was not asked for a second factor has none; long-term keys do not even say so.
  'aws:multifactorauthpresent': ({ caller: { type, session } }) =>
    type === 'assumed-role' || session?.issued !== undefined ? 'false' : undefined,
  'aws:securetransport': ({ call }) => String(isSecure(call)),
  'aws:viaawsservice': ({ caller }) => String(caller.calledVia !== undefined),
  'aws:calledvia': ({ caller }) => calledVia(caller),
  'aws:calledviafirst': ({ caller }) => calledVia(caller)?.[0],
  'aws:calledvialast': ({ caller }) => calledVia(caller)?.at(-1),
  // Behind an endpoint it is unknown; of services nothing is told. The address of a function in a VPC, which
  // aws:VpcSourceIp would be, there is none here.
  'aws:sourceip': ({ call, endpoint }) => (endpoint ? undefined : call.http?.sourceIp),
  'aws:sourcevpc': ({ endpoint }) => endpoint?.vpc,
  'aws:sourcevpce': ({ endpoint }) => endpoint?.id,
  'lambda:sourcefunctionarn': ({ caller }) => caller.origin?.functionArn,
  'aws:useragent': ({ call }) => call.http?.headers['user-agent'],
  'aws:referer': ({ call }) => call.http?.headers.referer,
  'aws:tagkeys': ({ input }) => tagKeys(input),
});

/** Keys that name a tag, by what stands before the name. */
const FAMILIES = keys({
  'aws:principaltag/': ({ policies }, name) => tagOf(policies.tags, name),
  'aws:requesttag/': ({ input }, name) => tagOf(requestTags(input), name),
  'aws:resourcetag/': ({ needed }, name) => tagOf(needed.tags?.(), name),
});

function keys(by: Record<string, (asked: Asked, name: string) => Value>) {
  return new Map(Object.entries(by));
}

/**
 * The engine's own address stands for AWS's, which SDKs and the CDK reach by https: a bucket that denies plain http, as
 * CDK's own for assets does, is there for them. AWS's names called by http are what that means. Calls that services make
 * on a caller's behalf come over TLS.
 */
function isSecure({ http, principal }: Call): boolean {
  if (!http || http.secure) return true;
  return principal.type !== 'anonymous' && !/\.amazonaws\.com(?::\d+)?$/i.test(http.host);
}

/** Services of one endpoint for all regions. */
const EVERYWHERE = new Set(['iam', 'cloudfront']);

/** Services, and whom an identity provider vouches for, are no account's own. */
const isNobody = ({ type }: Principal): boolean => type === 'service' || type === 'federated';

const serviceName = ({ type, arn }: Principal): string | undefined => (type === 'service' ? arn : undefined);

/** What the token of an identity provider said when the session began. */
function claim({ session }: Principal, name: string): Value {
  for (const own in session?.claims) if (own.toLowerCase() === name) return session.claims[own];
  return undefined;
}

function calledVia(principal: Principal): readonly string[] | undefined {
  const via = principal.calledVia?.filter((service) => NAMES_ITSELF.has(service)) ?? [];
  return via.length > 0 ? via : undefined;
}

/**
 * The keys that every request has, those of its service, and those of what it is about.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export function contextOf(
  call: Call,
  needed: Needed,
  came: Pick<Asked, 'policies' | 'input' | 'endpoint'>,
): Context {
  const caller = needed.caller ?? call.principal;
  const { policies, input, endpoint } = came;
  const asked = { call, caller, needed, policies, input, endpoint };
  return new Context((key, name) => {
    for (const own in needed.keys) if (own.toLowerCase() === name) return needed.keys[own];
    const slash = name.indexOf('/') + 1;
    const value =
      slash > 0 ? inFamily(asked, name.slice(0, slash), key.slice(slash)) : GLOBAL.get(name)?.(asked, '');
    return value ?? claim(caller, name);
  });
}

function inFamily(asked: Asked, prefix: string, name: string): Value {
  const { needed } = asked;
  for (const own in needed.families) if (own.toLowerCase() === prefix) return needed.families[own]?.(name);
  const service = needed.action.slice(0, needed.action.indexOf(':'));
  const family = prefix === `${service}:resourcetag/` ? 'aws:resourcetag/' : prefix;
  return FAMILIES.get(family)?.(asked, name);
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
