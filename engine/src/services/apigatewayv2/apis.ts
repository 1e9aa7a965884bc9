import { httpApis } from '../../http-api/deployed';
import { type Call, notImplemented, type Operation } from '../../kernel';
import { refuseMapped } from './api-mappings';
import { changed, wholeSeconds } from './changed';
import { said } from './changes';
import { badRequest, requireApi } from './errors';
import { page } from './pages';
import { quickCreate, quickUpdate } from './quick-create';
import { checkCors } from './rules/cors';
import { type ApiRecord, collections, owners, tables } from './store';

const SELECTION = '$request.method $request.path';
const KEY_SELECTION = '$request.header.x-api-key';

interface Settings {
  ApiKeySelectionExpression?: string | undefined;
  DisableSchemaValidation?: boolean | undefined;
  RouteSelectionExpression?: string | undefined;
}

/** What AWS takes of WebSocket APIs only, and the one value there is for HTTP APIs. */
function checkSettings(operation: string, input: Settings): void {
  const { ApiKeySelectionExpression: key, RouteSelectionExpression: route } = input;
  if (route !== undefined && route !== SELECTION && route !== '${request.method} ${request.path}')
    throw badRequest('RouteSelectionExpression for HTTP protocol must be "$request.method $request.path"');
  if (key !== undefined && key !== KEY_SELECTION)
    throw badRequest('ApiKeySelectionExpression is only supported for WEBSOCKET protocol');
  if (input.DisableSchemaValidation !== undefined)
    throw notImplemented(`API Gateway ${operation} DisableSchemaValidation (of WebSocket APIs)`);
}

export const createApi: Operation<'apigatewayv2', 'CreateApi'> = (input, call) => {
  if (input.ProtocolType === 'WEBSOCKET')
    throw notImplemented('API Gateway WebSocket APIs (ProtocolType WEBSOCKET)');
  checkSettings('CreateApi', input);
  if (!input.Name) throw badRequest('API name cannot be blank');
  if (input.Target === undefined && (input.RouteKey !== undefined || input.CredentialsArn !== undefined))
    throw badRequest('Target must be specified when RouteKey or CredentialsArn is specified');
  if (input.CorsConfiguration) checkCors(input.CorsConfiguration);
  const ApiId = call.ids.lower(10);
  const api: ApiRecord = {
    ApiEndpoint: `https://${ApiId}.execute-api.${call.region}.amazonaws.com`,
    ApiId,
    ApiKeySelectionExpression: KEY_SELECTION,
    CorsConfiguration: input.CorsConfiguration,
    CreatedDate: wholeSeconds(call),
    Description: input.Description,
    DisableExecuteApiEndpoint: input.DisableExecuteApiEndpoint ?? false,
    IpAddressType: input.IpAddressType ?? 'ipv4',
    Name: input.Name,
    ProtocolType: 'HTTP',
    RouteSelectionExpression: SELECTION,
    Tags: input.Tags,
    Version: input.Version,
  };
  call.store.transaction(() => {
    tables(call).apis.put(ApiId, api);
    owners(call.worldStore).put(ApiId, { account: call.account, region: call.region });
    if (input.Target !== undefined) quickCreate(call, ApiId, input);
  });
  return api;
};

export const getApi: Operation<'apigatewayv2', 'GetApi'> = (input, call) =>
  withTags(requireApi(call, input.ApiId));

const withTags = (api: ApiRecord): ApiRecord => ({ ...api, Tags: api.Tags ?? {} });

export const getApis: Operation<'apigatewayv2', 'GetApis'> = (input, call) => {
  const { Items, ...rest } = page(tables(call).apis, input);
  return { Items: Items.map(withTags), ...rest };
};

export const updateApi: Operation<'apigatewayv2', 'UpdateApi'> = (input, call) => {
  const api = requireApi(call, input.ApiId);
  checkSettings('UpdateApi', input);
  if (input.Name === '') throw badRequest('API name cannot be blank');
  if (input.CorsConfiguration) checkCors(input.CorsConfiguration);
  const updated: ApiRecord = {
    ...api,
    ...said(input, [
      'CorsConfiguration',
      'Description',
      'DisableExecuteApiEndpoint',
      'IpAddressType',
      'Version',
    ]),
    Name: input.Name ?? api.Name,
  };
  call.store.transaction(() => {
    if ([input.Target, input.RouteKey, input.CredentialsArn].some((one) => one !== undefined))
      quickUpdate(call, api.ApiId, input);
    tables(call).apis.put(api.ApiId, updated);
    changed(call, api.ApiId);
  });
  return withTags(updated);
};

export const deleteCorsConfiguration: Operation<'apigatewayv2', 'DeleteCorsConfiguration'> = (
  input,
  call,
) => {
  const { CorsConfiguration: _gone, ...rest } = requireApi(call, input.ApiId);
  tables(call).apis.put(rest.ApiId, rest);
  changed(call, rest.ApiId);
  return {};
};

export const deleteApi: Operation<'apigatewayv2', 'DeleteApi'> = (input, call) => {
  const { ApiId } = requireApi(call, input.ApiId);
  refuseMapped(call, ApiId);
  removeApi(call, ApiId);
  return {};
};

function removeApi(call: Call, apiId: string): void {
  call.store.transaction(() => {
    const { apis, ...parts } = collections(call.store);
    apis.remove(apiId);
    owners(call.worldStore).remove(apiId);
    for (const part of Object.values(parts)) part.clear({ prefix: [apiId] });
  });
  httpApis(call).invalidate(apiId);
}
