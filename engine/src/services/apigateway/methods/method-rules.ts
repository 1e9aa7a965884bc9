import type { Call } from '../../../kernel';
import { badRequest } from '../errors';
import { tables } from '../store';

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
  if (!/^[a-zA-Z0-9._$-]+$/.test(name.split('.').slice(3).join('.'))) {
    throw badRequest(
      'Invalid mapping expression specified: Validation Result: warnings : [], errors : [Parameter name should match the following regular expression: ^[a-zA-Z0-9._$-]+$]',
    );
  }
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
