import type { Call, Needed } from '../../../kernel';
import { tables } from '../store';

type Keys = NonNullable<Needed['keys']>;

interface Patched {
  patchOperations?: readonly { path?: string | undefined; value?: string | undefined }[] | undefined;
}

const text = (value: unknown): string | undefined => (value === undefined ? undefined : String(value));

/** What is there already, for policies that ask. */
export function resourceKeys(call: Call, path: string): Keys {
  const [, apiId = '', kind, id = '', , httpMethod = ''] = path.split('/').slice(1);
  if (!path.startsWith('/restapis/')) return {};
  const api = () => tables(call).apis.get(apiId);
  const method = () =>
    kind === 'resources' ? tables(call).resources.get([apiId, id])?.methods[httpMethod] : undefined;
  const stage = () => (kind === 'stages' ? tables(call).stages.get([apiId, id]) : undefined);
  const one = (value: unknown) => (value === undefined ? undefined : [String(value)]);
  return {
    'apigateway:Resource/ApiName': () => one(api()?.name),
    'apigateway:Resource/EndpointType': () => api()?.endpointConfiguration?.types,
    'apigateway:Resource/DisableExecuteApiEndpoint': () => one(api()?.disableExecuteApiEndpoint),
    'apigateway:Resource/ApiKeyRequired': () => one(method()?.apiKeyRequired),
    'apigateway:Resource/RouteAuthorizationType': () => one(method()?.authorizationType),
    'apigateway:Resource/AccessLoggingDestination': () => one(stage()?.accessLogSettings?.destinationArn),
    'apigateway:Resource/AccessLoggingFormat': () => one(stage()?.accessLogSettings?.format),
  };
}

/** What the request asks for: https://docs.aws.amazon.com/apigateway/latest/developerguide/security_iam_service-with-iam.html */
export function creationKeys(input: {
  name?: string | undefined;
  disableExecuteApiEndpoint?: boolean | undefined;
  endpointConfiguration?: { types?: readonly string[] | undefined } | undefined;
}): Keys {
  return {
    'apigateway:Request/ApiName': input.name,
    'apigateway:Request/EndpointType': input.endpointConfiguration?.types,
    'apigateway:Request/DisableExecuteApiEndpoint': text(input.disableExecuteApiEndpoint),
  };
}

export function methodKeys(input: {
  apiKeyRequired?: boolean | undefined;
  authorizationType?: string | undefined;
}): Keys {
  return {
    'apigateway:Request/ApiKeyRequired': text(input.apiKeyRequired),
    'apigateway:Request/RouteAuthorizationType': input.authorizationType,
  };
}

const PATCHES: readonly [RegExp, string][] = [
  [/^\/name$/, 'ApiName'],
  [/^\/endpointConfiguration\/types\//, 'EndpointType'],
  [/^\/disableExecuteApiEndpoint$/, 'DisableExecuteApiEndpoint'],
  [/^\/apiKeyRequired$/, 'ApiKeyRequired'],
  [/^\/authorizationType$/, 'RouteAuthorizationType'],
  [/^\/accessLogSettings\/destinationArn$/, 'AccessLoggingDestination'],
  [/^\/accessLogSettings\/format$/, 'AccessLoggingFormat'],
];

/** The same of an update, where it stands in the patches. */
export function patchKeys(input: Patched): Keys {
  const keys: Record<string, string> = {};
  for (const { path = '', value } of input.patchOperations ?? []) {
    const name = PATCHES.find(([pattern]) => pattern.test(path))?.[1];
    if (name !== undefined && value !== undefined) keys[`apigateway:Request/${name}`] = value;
  }
  return keys;
}
