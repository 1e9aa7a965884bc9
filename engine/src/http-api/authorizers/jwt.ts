import { isSigned, parseToken, type Token } from '../../identity/tokens/token';
import { authorizerOf, type Exchange, matchOf } from '../exchange';
import { type Fault, forbidden, internalError, unauthorized } from '../faults';
import { evaluate } from '../mapping';
import { issuerKeys } from './issuer-keys';

/**
 * A token that the issuer signed, for this audience, that holds now; and with one of the route's scopes, where it has
 * some.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export async function jwt(exchange: Exchange): Promise<void> {
  const authorizer = authorizerOf(exchange);
  if (!authorizer?.JwtConfiguration) throw internalError('the route has no JWT authorizer');
  const { Audience = [], Issuer = '' } = authorizer.JwtConfiguration;
  const given = evaluate(exchange, authorizer.IdentitySource?.[0] ?? '');
  if (!given) throw unauthorized(undefined, 'Bearer');
  const token = tokenOf(exchange, given.replace(/^Bearer /i, ''));
  await checkSignature(exchange, token, Issuer);
  checkClaims(exchange, token, Issuer, Audience);
  const scopes = scopesOf(token);
  checkScopes(exchange, scopes);
  exchange.authorized = { by: 'jwt', claims: textClaims(token.claims), scopes: routeScopes(exchange) };
}

function invalid(exchange: Exchange, description: string): Fault {
  exchange.authorizerError = description;
  return unauthorized(
    `JWT authorizer: ${description}`,
    `Bearer scope="${(routeScopes(exchange) ?? []).join(' ')}" error="invalid_token" error_description="${description}"`,
  );
}

const routeScopes = (exchange: Exchange): string[] | null => {
  const scopes = matchOf(exchange).route.AuthorizationScopes ?? [];
  return scopes.length === 0 ? null : scopes;
};

function tokenOf(exchange: Exchange, text: string): Token {
  try {
    return parseToken(text.trim());
  } catch {
    throw invalid(exchange, 'the token is malformed');
  }
}

/** Only algorithms with RSA keys are said to be supported; the same keys' elliptic sisters do no harm. */
async function checkSignature(exchange: Exchange, token: Token, issuer: string): Promise<void> {
  if (!/^(?:RS|ES)(?:256|384|512)$/.test(token.algorithm))
    throw invalid(exchange, `signing method ${token.algorithm.replace(/[^\w-]/g, '')} is invalid`);
  let keys: Awaited<ReturnType<typeof issuerKeys>>;
  try {
    keys = await issuerKeys(exchange.host, issuer, token.keyId);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    exchange.authorizerError = why;
    throw unauthorized(
      `JWT authorizer: ${why}`,
      'Bearer scope="" error="invalid_token" error_description="failed to fetch public key"',
    );
  }
  if (!isSigned(token, keys)) throw invalid(exchange, 'signature is invalid');
}

function checkClaims(
  exchange: Exchange,
  { claims }: Token,
  issuer: string,
  audience: readonly string[],
): void {
  if (claims.iss !== issuer) throw invalid(exchange, 'the token does not have a valid issuer');
  // client_id counts only where there is no aud.
  const given = listOf(claims.aud ?? claims.client_id);
  if (!given.some((one) => audience.includes(one)))
    throw invalid(exchange, 'the token does not have a valid audience');
  const now = exchange.host.clock.millis() / 1000;
  if (typeof claims.exp !== 'number') throw invalid(exchange, 'the token does not have an expiration');
  if (claims.exp <= now) throw invalid(exchange, 'the token has expired');
  if (typeof claims.nbf === 'number' && claims.nbf > now)
    throw invalid(exchange, 'the token is not valid yet');
  if (typeof claims.iat === 'number' && claims.iat > now)
    throw invalid(exchange, 'the token was issued in the future');
}

const listOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string');

function scopesOf({ claims }: Token): string[] {
  const given = claims.scope ?? claims.scp;
  return typeof given === 'string' ? given.split(' ').filter(Boolean) : listOf(given);
}

function checkScopes(exchange: Exchange, given: readonly string[]): void {
  const needed = routeScopes(exchange);
  if (!needed || needed.some((scope) => given.includes(scope))) return;
  const description = 'the token does not have a sufficient scope';
  exchange.authorizerError = description;
  throw forbidden(
    `JWT authorizer: ${description}`,
    `Bearer scope="${needed.join(' ')}" error="insufficient_scope" error_description="${description}"`,
  );
}

/** All claims are text to what is behind: a list is `[a b]`. */
function textClaims(claims: Token['claims']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]): [string, string][] => {
      if (value === null || value === undefined) return [];
      if (Array.isArray(value)) return [[name, `[${value.join(' ')}]`]];
      return [[name, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}
