import { type Call, notImplemented } from '../../kernel';
import { badRequest } from './errors';
import { tables } from './store';

export function checkAuthorization(type: string): void {
  if (type === 'NONE') return;
  // There are no authorizers yet: CreateAuthorizer is refused, so no id can be valid.
  if (type === 'CUSTOM' || type === 'COGNITO_USER_POOLS') {
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
  if (type === 'AWS_IAM') throw notImplemented('API Gateway methods with authorizationType AWS_IAM');
  throw badRequest(
    'Invalid authorization type specified. Must be one of: [NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS]',
  );
}

export function checkValidator(call: Call, apiId: string, id: string | undefined): void {
  if (id && !tables(call).validators.has([apiId, id])) {
    throw badRequest('Invalid Request Validator identifier specified');
  }
}

export function checkModels(call: Call, apiId: string, models: Record<string, string> | undefined): void {
  for (const name of Object.values(models ?? {})) {
    if (!tables(call).models.has([apiId, name]))
      throw badRequest(`Invalid model identifier specified: ${name}`);
  }
}

export function checkRequestParameter(name: string): void {
  if (!/^method\.request\.(path|querystring|header)\.[^.\s][^\s]*$/.test(name)) throw invalidMapping(name);
}

export function invalidMapping(expression: string) {
  return badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: ${expression}]`,
  );
}

/** An expression that is well formed, but names a parameter the method does not declare. */
export function undeclaredParameter(expression: string) {
  return badRequest(
    `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${expression}]`,
  );
}
