import type { Method } from '@aws-sdk/client-api-gateway';
import type { Call } from '../../../kernel';
import { badRequest } from '../errors';
import { invalidOperation, type Patch } from '../patch';
import { tables } from '../store';

/** The types of authorizers that each type of authorization takes. */
const AUTHORIZERS: Readonly<Record<string, readonly string[]>> = {
  COGNITO_USER_POOLS: ['COGNITO_USER_POOLS'],
  CUSTOM: ['TOKEN', 'REQUEST'],
};

type Authorization = Pick<Method, 'authorizationType' | 'authorizerId' | 'authorizationScopes'>;

/** What a method keeps of how its callers are authorized. https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethod.html */
export function authorizationOf(call: Call, apiId: string, given: Authorization): Authorization {
  const { authorizationType = '', authorizationScopes, authorizerId } = given;
  const types = AUTHORIZERS[authorizationType];
  if (!types) {
    if (authorizationType !== 'NONE' && authorizationType !== 'AWS_IAM') {
      throw badRequest(
        'Invalid authorization type specified. Must be one of: [NONE, AWS_IAM, CUSTOM, COGNITO_USER_POOLS]',
      );
    }
    // Without an authorizer type an authorizer's id has no meaning; AWS takes and forgets it.
    return { authorizationType, authorizerId: undefined, authorizationScopes: undefined };
  }
  const authorizer = tables(call).authorizers.get([apiId, authorizerId ?? '']);
  if (!authorizer || !types.includes(authorizer.type ?? '')) {
    throw badRequest(
      'Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.',
    );
  }
  const scopes = authorizationScopes?.length ? [...authorizationScopes] : undefined;
  return { authorizationType, authorizerId, authorizationScopes: scopes };
}

const NAMES = new Set(['authorizationScopes', 'authorizationType', 'authorizerId']);

/** Whether a patch is about who may call: such patches count together. */
export const isAuthorization = ({ parts }: Patch): boolean => parts.length === 1 && NAMES.has(parts[0] ?? '');

export function patchAuthorization(
  call: Call,
  apiId: string,
  method: Method,
  patches: readonly Patch[],
): void {
  if (patches.length === 0) return;
  const given = { ...method };
  for (const { op, parts, value = '' } of patches) {
    const [name] = parts;
    if (name === 'authorizationScopes') {
      const others = (given.authorizationScopes ?? []).filter((scope) => scope !== value);
      if (op !== 'add' && op !== 'remove') throw invalidOperation(['add', 'remove']);
      given.authorizationScopes = op === 'add' ? [...others, value] : others;
    } else {
      if (op !== 'replace') throw invalidOperation(['replace']);
      if (name === 'authorizationType') given.authorizationType = value;
      else given.authorizerId = value;
    }
  }
  Object.assign(method, authorizationOf(call, apiId, given));
}
