import type { AssumeRoleWithWebIdentityCommandInput } from '@aws-sdk/client-sts';
import { keysOf } from '../../../identity/tokens/provider-keys';
import { invalidToken, isSigned, parseToken, type Token } from '../../../identity/tokens/token';
import { AwsError, arn, type Call, isAwsError, notImplemented, type Principal } from '../../../kernel';
import type { SessionTag } from '../session';

/** Whom a token stands for, once its provider's signature is found right. */
export interface WebIdentity {
  /** The provider, as a trust policy names it. */
  principal: Principal;
  provider: string;
  subject: string;
  audience: string;
  /** Condition keys, under the issuer's name. */
  keys: Readonly<Record<string, string | readonly string[]>>;
  /** Those of the keys that the session keeps. */
  kept: Readonly<Record<string, string | readonly string[]>>;
  tags: readonly SessionTag[];
  transitive: readonly string[];
  sourceIdentity: string | undefined;
}

type Input = Pick<AssumeRoleWithWebIdentityCommandInput, 'WebIdentityToken' | 'ProviderId'>;

const verified = new WeakMap<object, Promise<WebIdentity>>();

/** Verifies the token of a request, once: policies are asked about it first, and then it is traded in. */
export function webIdentityOf(input: Input, call: Call, account: string): Promise<WebIdentity> {
  let identity = verified.get(input);
  if (!identity) {
    identity = verifyToken(input, call, account);
    verified.set(input, identity);
  }
  return identity;
}

/** Issuers that need not be set up. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc.html */
const BUILT_IN = new Set(['https://accounts.google.com', 'https://cognito-identity.amazonaws.com']);

async function verifyToken(input: Input, call: Call, account: string): Promise<WebIdentity> {
  if (input.ProviderId !== undefined) throw notImplemented('STS AssumeRoleWithWebIdentity ProviderId');
  const token = parseToken(input.WebIdentityToken!);
  const issuer = textClaim(token, 'iss');
  const name = issuer.replace(/^https?:\/\//, '');
  const provider = arn('iam', '', account, `oidc-provider/${name}`);
  const known = BUILT_IN.has(issuer) ? undefined : await findProvider(call, account, provider);
  if (!known && !BUILT_IN.has(issuer))
    throw invalidToken(`No OpenIDConnect provider found in your account for ${issuer}`);
  const keys = await keysOf(issuer, known?.ThumbprintList ?? []);
  if (!isSigned(token, keys)) throw invalidToken('The token signature is invalid.');
  checkTimes(token, call);
  return read(token, { name, provider, account, clients: known?.ClientIDList ?? [] });
}

async function findProvider(call: Call, account: string, OpenIDConnectProviderArn: string) {
  const as = call.parts.identity.servicePrincipal('sts.amazonaws.com', account);
  try {
    return await call.invoke(
      'iam',
      'GetOpenIDConnectProvider',
      { OpenIDConnectProviderArn },
      { as, account },
    );
  } catch (error) {
    if (isAwsError(error)) return undefined;
    throw error;
  }
}

function textClaim({ claims }: Token, name: string): string {
  const value = claims[name];
  if (typeof value !== 'string' || value === '') throw invalidToken(`Missing a required claim: ${name}`);
  return value;
}

function timeClaim({ claims }: Token, name: string): number {
  const value = claims[name];
  if (typeof value !== 'number') throw invalidToken(`Missing a required claim: ${name}`);
  return value;
}

function checkTimes(token: Token, call: Call): void {
  const now = Math.floor(call.clock.millis() / 1000);
  const expires = timeClaim(token, 'exp');
  timeClaim(token, 'iat');
  if (now >= expires) {
    throw new AwsError(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${Math.floor(expires)}`,
    );
  }
  const { nbf } = token.claims;
  if (typeof nbf === 'number' && now < nbf) throw invalidToken('The token is not valid yet.');
}

interface Place {
  name: string;
  provider: string;
  account: string;
  clients: readonly string[];
}

const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif */
function read(token: Token, { name, provider, account, clients }: Place): WebIdentity {
  const { claims } = token;
  const subject = textClaim(token, 'sub');
  const audiences = listOf(claims.aud);
  if (audiences.length === 0) throw invalidToken('Missing a required claim: aud');
  // The party a token was issued to counts before those it may be shown to.
  const asked = typeof claims.azp === 'string' ? [claims.azp] : audiences;
  const audience =
    asked.find((one) => clients.includes(one)) ?? audiences.find((one) => clients.includes(one));
  if (audience === undefined) throw invalidToken('Incorrect token audience');
  const aud = asked.length === 1 ? (asked[0] ?? '') : asked;
  const methods = listOf(claims.amr);
  const kept = {
    [`${name}:aud`]: aud,
    [`${name}:sub`]: subject,
    ...(methods.length > 0 ? { [`${name}:amr`]: methods } : {}),
  };
  const keys = {
    ...kept,
    [`${name}:oaud`]: audiences,
    ...(typeof claims.email === 'string' ? { [`${name}:email`]: claims.email } : {}),
  };
  return {
    principal: { type: 'federated', account, arn: provider, userId: subject },
    provider,
    subject,
    audience,
    keys,
    kept,
    ...sessionClaims(claims),
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_adding-assume-role-idp */
function sessionClaims(claims: Token['claims']): Pick<WebIdentity, 'tags' | 'transitive' | 'sourceIdentity'> {
  const said = objectOf(claims['https://aws.amazon.com/tags']);
  const tags = Object.entries(objectOf(said.principal_tags)).flatMap(([Key, value]) => {
    const [Value] = listOf(value);
    return Value === undefined ? [] : [{ Key, Value }];
  });
  const source = claims['https://aws.amazon.com/source_identity'];
  return {
    tags,
    transitive: said.transitive_tag_keys === undefined ? [] : listOf(said.transitive_tag_keys),
    sourceIdentity: typeof source === 'string' ? source : undefined,
  };
}

const objectOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
