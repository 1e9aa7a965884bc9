import type { Access, Call, Needed } from '../../../kernel';
import { configuring } from './configuring';
import { type FunctionInput, onFunction, onStatement, onWholeFunction } from './function-needs';
import { type LayerInput, layerArn, onLayerVersion, onLayerVersionArn } from './layer-needs';

const anywhere = (action: string) => (): Needed => ({ action: `lambda:${action}`, resource: '*' });

const named =
  (action: string) =>
  (input: FunctionInput, call: Call): Needed =>
    onFunction(call, action, input);

const whole =
  (action: string) =>
  (input: { FunctionName?: string | undefined }, call: Call): Needed =>
    onWholeFunction(call, action, { FunctionName: input.FunctionName });

const byArn =
  (action: string) =>
  (input: { Resource?: string | undefined }, call: Call): Needed =>
    onFunction(call, action, { FunctionName: input.Resource });

const layerVersion =
  (action: string) =>
  (input: LayerInput, call: Call): Needed =>
    onLayerVersion(call, action, input);

/**
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 */
const access: Access<'lambda'> = {
  AddLayerVersionPermission: layerVersion('AddLayerVersionPermission'),
  AddPermission: (input, call) =>
    onFunction(call, 'AddPermission', input, {
      'lambda:Principal': input.Principal,
      'lambda:FunctionUrlAuthType': input.FunctionUrlAuthType,
    }),
  CreateAlias: whole('CreateAlias'),
  CreateFunction: (input, call) => configuring(call, 'CreateFunction', input),
  DeleteAlias: whole('DeleteAlias'),
  DeleteFunction: named('DeleteFunction'),
  DeleteFunctionConcurrency: whole('DeleteFunctionConcurrency'),
  DeleteFunctionEventInvokeConfig: named('DeleteFunctionEventInvokeConfig'),
  DeleteLayerVersion: layerVersion('DeleteLayerVersion'),
  GetAccountSettings: anywhere('GetAccountSettings'),
  GetAlias: whole('GetAlias'),
  GetFunction: named('GetFunction'),
  GetFunctionConcurrency: whole('GetFunctionConcurrency'),
  GetFunctionConfiguration: named('GetFunctionConfiguration'),
  GetFunctionEventInvokeConfig: named('GetFunctionEventInvokeConfig'),
  GetLayerVersion: layerVersion('GetLayerVersion'),
  GetLayerVersionByArn: (input, call) => onLayerVersionArn(call, 'GetLayerVersion', input.Arn ?? ''),
  GetLayerVersionPolicy: layerVersion('GetLayerVersionPolicy'),
  GetPolicy: named('GetPolicy'),
  Invoke: named('InvokeFunction'),
  InvokeWithResponseStream: named('InvokeFunction'),
  ListAliases: whole('ListAliases'),
  ListFunctionEventInvokeConfigs: whole('ListFunctionEventInvokeConfigs'),
  ListFunctions: anywhere('ListFunctions'),
  ListLayers: anywhere('ListLayers'),
  ListLayerVersions: anywhere('ListLayerVersions'),
  ListTags: byArn('ListTags'),
  ListVersionsByFunction: whole('ListVersionsByFunction'),
  PublishLayerVersion: (input, call) => ({
    action: 'lambda:PublishLayerVersion',
    resource: layerArn(call, input.LayerName),
  }),
  PublishVersion: whole('PublishVersion'),
  PutFunctionConcurrency: whole('PutFunctionConcurrency'),
  PutFunctionEventInvokeConfig: named('PutFunctionEventInvokeConfig'),
  RemoveLayerVersionPermission: layerVersion('RemoveLayerVersionPermission'),
  RemovePermission: (input, call) => onStatement(call, 'RemovePermission', input),
  TagResource: byArn('TagResource'),
  UntagResource: byArn('UntagResource'),
  UpdateAlias: whole('UpdateAlias'),
  UpdateFunctionCode: whole('UpdateFunctionCode'),
  UpdateFunctionConfiguration: (input, call) => configuring(call, 'UpdateFunctionConfiguration', input),
  UpdateFunctionEventInvokeConfig: named('UpdateFunctionEventInvokeConfig'),
};

export default access;
