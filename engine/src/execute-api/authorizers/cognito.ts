import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { tokenIssuers } from '../../identity/tokens/issuers';
import { isSigned, parseToken, type Token } from '../../identity/tokens/token';
import { isAwsError } from '../../kernel';
import { type Exchange, routeOf } from '../exchange';
import { type Fault, unauthorized } from '../faults';
import { javaDate } from '../log';
import { identityValue } from '../mapping';
import { requirePolicy } from '../stages/resource-policy';
import { authorizerOf } from './authorizer';

/**
 * A token of one of the authorizer's user pools: an identity token, or, where the method names scopes, an access token
 * that has one of them.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
 */
export async function cognito(exchange: Exchange): Promise<void> {
  const { authorizationScopes } = routeOf(exchange).method;
  exchange.authorizer = { claims: await poolClaims(exchange, authorizerOf(exchange), authorizationScopes) };
  requirePolicy(exchange);
}

/** What the caller's token says, once it is found right. */
export async function poolClaims(
  exchange: Exchange,
  authorizer: Authorizer,
  scopes: readonly string[] = [],
): Promise<Record<string, string>> {
  exchange.log?.add(`Starting authorizer: ${authorizer.id} for request: ${exchange.requestId}`);
  const given = identityValue(exchange, authorizer.identitySource ?? '');
  if (!given) throw refused(exchange, 'no token was given');
  const token = tokenOf(exchange, given.replace(/^Bearer\s+/i, '').trim());
  await checkSignature(exchange, token, authorizer);
  const { exp } = token.claims;
  if (typeof exp !== 'number') throw refused(exchange, 'the token does not say when it ends');
  if (exp * 1000 <= exchange.host.clock.millis())
    throw unauthorized('The incoming token has expired', 'Unauthorized: the token has expired');
  checkUse(exchange, token, authorizer, scopes);
  return textClaims(token.claims);
}

function refused({ log, requestId }: Exchange, why: string): Fault {
  log?.add(`Unauthorized request: ${requestId}`);
  return unauthorized('Unauthorized', `Unauthorized: ${why}`);
}

function tokenOf(exchange: Exchange, text: string): Token {
  try {
    return parseToken(text);
  } catch (error) {
    throw isAwsError(error) ? refused(exchange, 'the token is no JWT') : error;
  }
}

/** User pools sign with RSA only. https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html */
async function checkSignature(exchange: Exchange, token: Token, { providerARNs }: Authorizer): Promise<void> {
  const issuer = String(token.claims.iss);
  const issuers = providerARNs?.map(issuerOf) ?? [];
  if (!issuers.includes(issuer))
    throw refused(exchange, `it is from ${issuer}, not from ${issuers.join(' or ')}`);
  if (token.algorithm !== 'RS256') throw refused(exchange, `the token is signed with ${token.algorithm}`);
  let keys: Awaited<ReturnType<ReturnType<typeof tokenIssuers>['keysOf']>>;
  try {
    keys = await tokenIssuers(exchange.host).keysOf(issuer, token.keyId);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refused(exchange, `the keys of ${issuer} cannot be had: ${why}`);
  }
  if (!keys) {
    throw refused(
      exchange,
      `nobody here knows the keys of ${issuer}. Start the engine with --jwks ${issuer}=<address of its keys on this machine>`,
    );
  }
  if (!isSigned(token, keys))
    throw refused(exchange, 'the signature is not of one of the keys of its issuer');
}

/** `arn:aws:cognito-idp:<region>:<account>:userpool/<pool>` */
function issuerOf(providerArn: string): string {
  const [, , , region, , resource = ''] = providerArn.split(':');
  return `https://cognito-idp.${region}.amazonaws.com/${resource.replace(/^userpool\//, '')}`;
}

function checkUse(
  exchange: Exchange,
  { claims }: Token,
  authorizer: Authorizer,
  scopes: readonly string[],
): void {
  const use = scopes.length === 0 ? 'id' : 'access';
  if (claims.token_use !== use)
    throw refused(exchange, `this method takes ${use} tokens, and it is one for ${claims.token_use}`);
  const audience = String(claims.aud ?? claims.client_id ?? '');
  const expected = authorizer.identityValidationExpression;
  if (expected && !new RegExp(`^(?:${expected})$`).test(audience))
    throw refused(exchange, `its audience ${audience} does not match ${expected}`);
  const given = String(claims.scope ?? '').split(' ');
  if (scopes.length > 0 && !scopes.some((scope) => given.includes(scope)))
    throw refused(exchange, `it has none of the scopes ${scopes.join(', ')}`);
}

/** All claims are text to what is behind: lists are joined by commas, and the times that API Gateway checks are written out. */
function textClaims(claims: Token['claims']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]): [string, string][] => {
      if (value === null || value === undefined) return [];
      if ((name === 'exp' || name === 'iat') && typeof value === 'number')
        return [[name, javaDate(new Date(value * 1000))]];
      if (Array.isArray(value)) return [[name, value.join(',')]];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
