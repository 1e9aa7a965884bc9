import { isLoopback } from '../../../kernel/loopback';
import { badRequest } from '../errors';
import type { AuthorizerRecord } from '../store';

const SOURCE = /^\$request\.(?:header|querystring)\.\S+$|^\$context\.\S+$|^\$stageVariables\.\S+$/;
const TOKEN_SOURCE = /^\$request\.(?:header|querystring)\.\S+$/;
const FUNCTION = /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/.+\/invocations$/;

export function checkAuthorizer(authorizer: AuthorizerRecord): void {
  if (authorizer.AuthorizerType === 'JWT') checkJwt(authorizer);
  else checkRequest(authorizer);
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html */
function checkJwt(authorizer: AuthorizerRecord): void {
  const { IdentitySource = [], JwtConfiguration } = authorizer;
  if (!JwtConfiguration?.Issuer)
    throw badRequest('JWT authorizers require a JWT configuration with an issuer');
  if (!JwtConfiguration.Audience?.length)
    throw badRequest('JWT authorizers require a JWT configuration with an audience');
  checkIssuer(JwtConfiguration.Issuer);
  if (IdentitySource.length !== 1) throw badRequest('JWT authorizers require exactly one identity source');
  for (const source of IdentitySource) {
    if (!TOKEN_SOURCE.test(source)) throw badRequest(`Invalid mapping expression specified: ${source}`);
  }
  const others = ['AuthorizerUri', 'AuthorizerPayloadFormatVersion', 'AuthorizerCredentialsArn'] as const;
  for (const name of [...others, 'AuthorizerResultTtlInSeconds', 'EnableSimpleResponses'] as const) {
    if (authorizer[name] !== undefined) throw badRequest(`${name} is not supported for JWT authorizers`);
  }
}

function checkIssuer(issuer: string): void {
  let url: URL;
  try {
    url = new URL(issuer);
  } catch {
    throw invalidIssuer(issuer);
  }
  // AWS reaches issuers over TLS only; one on this machine may do without.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname)))
    throw invalidIssuer(issuer);
}

const invalidIssuer = (issuer: string) =>
  badRequest(
    `Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint ended with '/.well-known/openid-configuration'`,
  );

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
function checkRequest(authorizer: AuthorizerRecord): void {
  const { AuthorizerPayloadFormatVersion: version, IdentitySource = [] } = authorizer;
  if (authorizer.JwtConfiguration)
    throw badRequest('JwtConfiguration is not supported for REQUEST authorizers');
  if (!FUNCTION.test(authorizer.AuthorizerUri ?? ''))
    throw badRequest(
      `Invalid Authorizer URI: ${authorizer.AuthorizerUri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  if (version !== '1.0' && version !== '2.0')
    throw badRequest(
      'AuthorizerPayloadFormatVersion must be one of [1.0, 2.0] for REQUEST authorizers of HTTP APIs',
    );
  if (authorizer.EnableSimpleResponses && version !== '2.0')
    throw badRequest('EnableSimpleResponses is only supported for AuthorizerPayloadFormatVersion 2.0');
  for (const source of IdentitySource) {
    if (!SOURCE.test(source)) throw badRequest(`Invalid mapping expression specified: ${source}`);
  }
  if ((authorizer.AuthorizerResultTtlInSeconds ?? 0) > 0 && IdentitySource.length === 0)
    throw badRequest('Identity source cannot be empty when authorizer caching is enabled');
}
