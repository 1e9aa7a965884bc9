import type { CreateAuthorizerRequest } from '@aws-sdk/client-apigatewayv2';
import { authorizerResults } from '../../http-api/authorizers/results';
import { notImplemented, type Operation } from '../../kernel';
import { changed } from './changed';
import { said } from './changes';
import { conflict, requireApi, requireAuthorizer, requireStage } from './errors';
import { page } from './pages';
import { checkAuthorizer } from './rules/authorizer';
import { type AuthorizerRecord, tables } from './store';

const SETTINGS = [
  'AuthorizerCredentialsArn',
  'AuthorizerPayloadFormatVersion',
  'AuthorizerResultTtlInSeconds',
  'AuthorizerUri',
  'EnableSimpleResponses',
  'IdentitySource',
  'JwtConfiguration',
] as const;

function refuse(operation: string, input: Partial<CreateAuthorizerRequest>): void {
  if (input.IdentityValidationExpression !== undefined)
    throw notImplemented(`API Gateway ${operation} IdentityValidationExpression (of WebSocket APIs)`);
}

export const createAuthorizer: Operation<'apigatewayv2', 'CreateAuthorizer'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  refuse('CreateAuthorizer', input);
  const authorizer: AuthorizerRecord = {
    AuthorizerId: call.ids.lower(6),
    AuthorizerType: input.AuthorizerType,
    Name: input.Name!,
    ...said(input, SETTINGS),
  };
  if (authorizer.AuthorizerType === 'REQUEST') {
    authorizer.AuthorizerResultTtlInSeconds ??= input.IdentitySource?.length ? 300 : 0;
    authorizer.EnableSimpleResponses ??= false;
  }
  checkAuthorizer(authorizer);
  tables(call).authorizers.put([ApiId, authorizer.AuthorizerId], authorizer);
  return authorizer;
};

export const getAuthorizer: Operation<'apigatewayv2', 'GetAuthorizer'> = (input, call) =>
  requireAuthorizer(call, input.ApiId, input.AuthorizerId);

export const getAuthorizers: Operation<'apigatewayv2', 'GetAuthorizers'> = (input, call) =>
  page(tables(call).authorizers, input, [requireApi(call, input.ApiId).ApiId]);

export const updateAuthorizer: Operation<'apigatewayv2', 'UpdateAuthorizer'> = (input, call) => {
  const authorizer = requireAuthorizer(call, input.ApiId, input.AuthorizerId);
  refuse('UpdateAuthorizer', input);
  const updated: AuthorizerRecord = {
    ...authorizer,
    ...said(input, [...SETTINGS, 'AuthorizerType']),
    Name: input.Name ?? authorizer.Name,
  };
  checkAuthorizer(updated);
  tables(call).authorizers.put([input.ApiId!, updated.AuthorizerId], updated);
  changed(call, input.ApiId!);
  return updated;
};

export const deleteAuthorizer: Operation<'apigatewayv2', 'DeleteAuthorizer'> = (input, call) => {
  const { AuthorizerId } = requireAuthorizer(call, input.ApiId, input.AuthorizerId);
  const { authorizers, routes } = tables(call);
  for (const route of routes.values({ prefix: [input.ApiId!] })) {
    if (route.AuthorizerId === AuthorizerId)
      throw conflict(`Cannot delete authorizer '${AuthorizerId}', is referenced by route: ${route.RouteKey}`);
  }
  authorizers.remove([input.ApiId!, AuthorizerId]);
  return {};
};

/** https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-stages-stagename-cache-authorizers.html */
export const resetAuthorizersCache: Operation<'apigatewayv2', 'ResetAuthorizersCache'> = (input, call) => {
  const { StageName } = requireStage(call, input.ApiId, input.StageName);
  authorizerResults(call).forget(`${input.ApiId}/${StageName}/`);
  return {};
};
