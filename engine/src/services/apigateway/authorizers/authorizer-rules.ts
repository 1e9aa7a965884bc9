import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { AwsError, type Call, notImplemented } from '../../../kernel';
import { badRequest } from '../errors';
import { invalidMapping } from '../methods/method-rules';

const FUNCTION_URI =
  /^arn:[\w-]+:apigateway:[\w-]+:lambda:path\/2015-03-31\/functions\/(?:arn:[\w-]+:lambda:.+|.*\$\{stageVariables\.\w+\}.*)\/invocations$/;
const HEADER = /^method\.request\.header\.[a-zA-Z0-9._-]+$/;
/** https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html */
const SOURCE =
  /^(?:method\.request\.(?:header|querystring)\.[a-zA-Z0-9._:-]+|(?:stageVariables|context)\.[a-zA-Z0-9._-]+)$/;
const POOL = /^arn:[\w-]+:cognito-idp:[\w-]+:\d{12}:userpool\/[\w-]+$/;
const MAX_TTL = 3600;
const DEFAULT_TTL = 300;

/** What an authorizer must be, made and changed. https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html */
export function checkAuthorizer(call: Call, authorizer: Authorizer): void {
  const { authorizerResultTtlInSeconds: ttl, name, type } = authorizer;
  if (!name) throw badRequest('Authorizer name cannot be blank');
  if (ttl !== undefined && !(Number.isInteger(ttl) && ttl >= 0 && ttl <= MAX_TTL))
    throw badRequest(`Invalid authorizer result TTL. Must be between 0 and ${MAX_TTL} seconds`);
  if (type === 'COGNITO_USER_POOLS') checkPools(authorizer);
  else if (type === 'TOKEN' || type === 'REQUEST') checkFunction(call, authorizer);
  else
    throw badRequest(
      'Invalid authorizer type specified. Must be one of: [TOKEN, REQUEST, COGNITO_USER_POOLS]',
    );
  if (type === 'REQUEST') checkSources(authorizer);
  else checkToken(authorizer);
}

function checkPools({ providerARNs = [] }: Authorizer): void {
  if (providerARNs.length === 0)
    throw badRequest('Invalid COGNITO_USER_POOLS authorizer: at least one provider ARN must be specified');
  const wrong = providerARNs.find((one) => !POOL.test(one));
  if (wrong !== undefined) throw badRequest(`Invalid Cognito user pool ARN specified: ${wrong}`);
}

function checkFunction(call: Call, { authorizerCredentials: role, authorizerUri }: Authorizer): void {
  if (!FUNCTION_URI.test(authorizerUri ?? '')) {
    throw badRequest(
      `Invalid Authorizer URI: ${authorizerUri ?? null}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.`,
    );
  }
  if (!role || role.includes('${stageVariables.')) return;
  const [, owner] = /^arn:[\w-]+:iam::(\d{12}):role\/.+$/.exec(role) ?? [];
  if (owner === undefined) throw badRequest('Invalid ARN specified in the request');
  if (owner !== call.account)
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
}

function checkToken({ identitySource, identityValidationExpression: expression }: Authorizer): void {
  if (!HEADER.test(identitySource ?? '')) {
    throw badRequest(
      `Invalid token source expression: ${identitySource ?? null}. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.`,
    );
  }
  if (!expression) return;
  try {
    new RegExp(`^(?:${expression})$`);
  } catch {
    // Java's expressions have forms that JavaScript's do not, and some are wrong in both.
    throw notImplemented(`API Gateway authorizers with the identityValidationExpression ${expression}`);
  }
}

function checkSources({ authorizerResultTtlInSeconds: ttl = DEFAULT_TTL, identitySource }: Authorizer): void {
  if (!identitySource) {
    if (ttl > 0)
      throw badRequest(
        'Identity source must be set if authorizer caching is enabled (TTL is greater than 0)',
      );
    return;
  }
  for (const source of identitySource.split(',').map((part) => part.trim()))
    if (!SOURCE.test(source)) throw invalidMapping(source);
}
