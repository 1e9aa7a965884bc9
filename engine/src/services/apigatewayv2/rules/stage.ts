import type { CreateStageRequest, RouteSettings } from '@aws-sdk/client-apigatewayv2';
import type { Call } from '../../../kernel';
import { badRequest, notFound } from '../errors';
import { type StageRecord, tables } from '../store';
import { checkAccessLog } from './access-log';

/** What only other APIs than HTTP APIs have. */
export function refuseStageSettings(input: Partial<CreateStageRequest>): void {
  if (input.ClientCertificateId !== undefined)
    throw badRequest('Client certificates are not supported for HTTP APIs');
  const all = [input.DefaultRouteSettings, ...Object.values(input.RouteSettings ?? {})];
  for (const settings of all) refuseRouteSettings(settings ?? {});
}

function refuseRouteSettings(settings: RouteSettings): void {
  if (settings.DataTraceEnabled || (settings.LoggingLevel && settings.LoggingLevel !== 'OFF'))
    throw badRequest('Execution logs are not supported on protocolType HTTP');
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html */
export function checkStage(call: Call, apiId: string, stage: StageRecord): void {
  if (stage.StageName !== '$default' && !/^[\w-]{1,128}$/.test(stage.StageName))
    throw badRequest('Stage name only allows a-zA-Z0-9_- or $default');
  for (const [name, value] of Object.entries(stage.StageVariables ?? {})) {
    if (!/^\w{1,64}$/.test(name)) throw badRequest(`Invalid stage variable name: ${name}`);
    if (!/^[\w\-.~:/?#&=,]{0,512}$/.test(value)) throw badRequest(`Invalid stage variable value for ${name}`);
  }
  const keys = new Set([...tables(call).routes.values({ prefix: [apiId] })].map((route) => route.RouteKey));
  for (const [key, settings] of Object.entries(stage.RouteSettings ?? {})) {
    if (!keys.has(key))
      throw notFound(`Unable to find Route by key ${key} within the provided RouteSettings`);
    checkThrottling(settings);
  }
  checkThrottling(stage.DefaultRouteSettings ?? {});
  if (stage.AccessLogSettings) checkAccessLog(stage.AccessLogSettings);
}

function checkThrottling({ ThrottlingBurstLimit: burst, ThrottlingRateLimit: rate }: RouteSettings): void {
  if ((burst ?? 0) < 0) throw badRequest('ThrottlingBurstLimit must be a non-negative integer');
  if ((rate ?? 0) < 0) throw badRequest('ThrottlingRateLimit must be a non-negative number');
}
