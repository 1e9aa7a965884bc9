import type { Authorizer } from '@aws-sdk/client-api-gateway';
import { authorizerResults } from '../../../execute-api/authorizers/results';
import { AwsError, type Call, type Operation } from '../../../kernel';
import { badRequest, conflict, notFound, requireApi } from '../errors';
import { page } from '../pages';
import { requireStage } from '../stages/stages';
import { type AuthorizerRecord, tables } from '../store';
import { patchAuthorizer } from './authorizer-patch';
import { checkAuthorizer } from './authorizer-rules';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_AUTHORIZERS = 10;

export function requireAuthorizer(
  call: Call,
  apiId: string | undefined,
  id: string | undefined,
): AuthorizerRecord {
  const { id: known } = requireApi(call, apiId);
  const authorizer = tables(call).authorizers.get([known, id ?? '']);
  if (!authorizer) throw notFound('Invalid Authorizer identifier specified');
  return authorizer;
}

/** An authorizer of an API, checked and kept: however it was described. */
export function putNewAuthorizer(
  call: Call,
  apiId: string,
  described: Omit<Authorizer, 'id'>,
): AuthorizerRecord {
  const { authorizers } = tables(call);
  const others = [...authorizers.values({ prefix: [apiId] })];
  const authorizer: AuthorizerRecord = { id: call.ids.lower(6), ...described, name: described.name ?? '' };
  checkAuthorizer(call, authorizer);
  checkName(others, authorizer);
  if (others.length >= MAX_AUTHORIZERS) {
    throw new AwsError(
      'LimitExceededException',
      'Maximum number of Authorizers for this API has been reached. Please contact AWS if you need additional Authorizers.',
      { status: 429 },
    );
  }
  authorizers.put([apiId, authorizer.id], authorizer);
  return authorizer;
}

function checkName(others: readonly AuthorizerRecord[], { id, name }: AuthorizerRecord): void {
  if (others.some((other) => other.name === name && other.id !== id)) {
    throw badRequest(`Authorizer name must be unique. Authorizer ${name} already exists in this RestApi.`);
  }
}

export const createAuthorizer: Operation<'apigateway', 'CreateAuthorizer'> = (input, call) => {
  const { restApiId = '', ...described } = input;
  // What AWS says of an API that is not there, here.
  if (!tables(call).apis.has(restApiId)) {
    throw conflict('Unable to complete operation due to concurrent modification. Please try again later.');
  }
  const { type } = described;
  return putNewAuthorizer(call, restApiId, {
    name: described.name,
    type,
    providerARNs: described.providerARNs,
    authType: described.authType ?? (type === 'COGNITO_USER_POOLS' ? 'cognito_user_pools' : 'custom'),
    authorizerUri: described.authorizerUri,
    authorizerCredentials: described.authorizerCredentials || undefined,
    identitySource: described.identitySource,
    identityValidationExpression: described.identityValidationExpression || undefined,
    authorizerResultTtlInSeconds: described.authorizerResultTtlInSeconds,
  });
};

export const getAuthorizer: Operation<'apigateway', 'GetAuthorizer'> = (input, call) =>
  requireAuthorizer(call, input.restApiId, input.authorizerId);

export const getAuthorizers: Operation<'apigateway', 'GetAuthorizers'> = (input, call) => {
  const { id } = requireApi(call, input.restApiId);
  return page([...tables(call).authorizers.values({ prefix: [id] })], (authorizer) => authorizer.id, input);
};

export const updateAuthorizer: Operation<'apigateway', 'UpdateAuthorizer'> = (input, call) => {
  const authorizer = { ...requireAuthorizer(call, input.restApiId, input.authorizerId) };
  patchAuthorizer(authorizer, input.patchOperations);
  checkAuthorizer(call, authorizer);
  const { authorizers } = tables(call);
  checkName([...authorizers.values({ prefix: [input.restApiId ?? ''] })], authorizer);
  authorizers.put([input.restApiId ?? '', authorizer.id], authorizer);
  return authorizer;
};

export const deleteAuthorizer: Operation<'apigateway', 'DeleteAuthorizer'> = (input, call) => {
  const { id, name } = requireAuthorizer(call, input.restApiId, input.authorizerId);
  const apiId = input.restApiId ?? '';
  for (const { methods, path } of tables(call).resources.values({ prefix: [apiId] })) {
    for (const method of Object.values(methods)) {
      if (method.authorizerId !== id) continue;
      throw conflict(
        `Cannot delete authorizer '${name}', is referenced in method: ${method.httpMethod}/${path}`,
      );
    }
  }
  tables(call).authorizers.remove([apiId, id]);
  return {};
};

/** https://docs.aws.amazon.com/apigateway/latest/api/API_FlushStageAuthorizersCache.html */
export const flushStageAuthorizersCache: Operation<'apigateway', 'FlushStageAuthorizersCache'> = (
  input,
  call,
) => {
  const { id } = requireApi(call, input.restApiId);
  const { stageName } = requireStage(call, id, input.stageName);
  authorizerResults(call).forget(`${id}/${stageName}/`);
  return {};
};
