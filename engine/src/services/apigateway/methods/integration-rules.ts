import type { Method } from '@aws-sdk/client-api-gateway';
import {
  type AwsUri,
  CALLER,
  invokedFunction,
  parseAwsUri,
  serviceNameOf,
  streamedFunction,
} from '../../../execute-api/integrations/aws-uri';
import { AwsError, type Input, notImplemented } from '../../../kernel';
import { loadModel } from '../../../protocols';
import { isServiceName } from '../../registry';
import { badRequest } from '../errors';
import { invalidMapping, undeclaredParameter } from './method-rules';

type PutIntegration = Input<'apigateway', 'PutIntegration'>;

/** What AWS refuses of an integration, then what is not built yet. */
export function checkIntegration(input: PutIntegration, method: Method, account: string): void {
  if (input.type !== 'MOCK' && !input.integrationHttpMethod) {
    throw badRequest('Enumeration value for HttpMethod must be non-empty');
  }
  checkUri(input.type ?? '', input.uri ?? '', input.responseTransferMode === 'STREAM');
  checkCredentials(input, account);
  checkTls(input);
  checkTransferMode(input);
  checkTimeout(input);
  checkTemplates(input.requestTemplates);
  for (const [target, source] of Object.entries(input.requestParameters ?? {})) {
    checkRequestMapping(target, source, method);
  }
  checkCacheKeys(input, method);
  checkImplemented(input);
}

/**
 * Keys are parameters that the method declares, or that the integration maps.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html#apigw-Type-Integration-cacheKeyParameters
 */
function checkCacheKeys(
  { cacheKeyParameters = [], requestParameters }: PutIntegration,
  method: Method,
): void {
  for (const name of cacheKeyParameters) {
    const declared = name.replace(/^method\.request\.multivalue(header|querystring)\./, 'method.request.$1.');
    if (method.requestParameters?.[declared] === undefined && requestParameters?.[name] === undefined)
      throw badRequest('Invalid cache key parameter specified');
  }
}

/**
 * What streams is invoked by InvokeWithResponseStream, and nothing else is.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
const WRONG_INVOCATION =
  "Integrations of type 'AWS_PROXY' with the response transfer mode STREAM must invoke their function by 2021-11-15/functions/{arn}/response-streaming-invocations, and no others may";

function checkUri(type: string, uri: string, streams: boolean): void {
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!/^https?:\/\/[^/\s]+/.test(uri)) throw badRequest('Invalid HTTP endpoint specified for URI');
  } else if (type !== 'MOCK') {
    checkAwsUri(type, uri, streams);
  }
}

function checkAwsUri(type: string, uri: string, streams: boolean): void {
  if (!/^arn:[\w-]+:/.test(uri)) throw badRequest('Invalid ARN specified in the request');
  const parsed = parseAwsUri(uri);
  if (!parsed) throw badRequest('AWS ARN for integration must contain path or action');
  const streamed = streamedFunction(parsed) !== undefined;
  if (streamed !== (streams && type === 'AWS_PROXY') && (streamed || invokedFunction(parsed) !== undefined))
    throw badRequest(WRONG_INVOCATION);
  if (type !== 'AWS_PROXY') {
    checkService(parsed);
    return;
  }
  if (streamed) return;
  const isFirehose = parsed.service === 'firehose' && /^PutRecord(Batch)?$/.test(parsed.api);
  if (invokedFunction(parsed) === undefined && !isFirehose) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
  if (isFirehose) throw notImplemented('API Gateway Firehose integrations');
}

/** Services that this engine has not, and ways to them that it does not know, are refused by their names. */
function checkService(uri: AwsUri): void {
  const service = serviceNameOf(uri);
  if (/[{}]/.test(service)) return;
  if (!isServiceName(service)) throw notImplemented(`API Gateway integrations with the service '${service}'`);
  const { protocol } = loadModel(service);
  if (uri.by === 'action' && protocol.startsWith('rest')) {
    throw notImplemented(`API Gateway integrations with '${service}' by action; by path they work`);
  }
  if (uri.subdomain !== undefined && service !== 's3') {
    throw notImplemented(`API Gateway integrations with '${service}' behind a subdomain`);
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html#apigw-PutIntegration-request-credentials */
function checkCredentials({ type, uri = '', credentials }: PutIntegration, account: string): void {
  if (type !== 'AWS' && type !== 'AWS_PROXY') return;
  if (!credentials) {
    const parsed = parseAwsUri(uri);
    if (parsed && parsed.service !== 'lambda')
      throw badRequest('Role ARN must be specified for AWS integrations');
    return;
  }
  if (CALLER.test(credentials) || credentials.includes('${stageVariables.')) return;
  const [, owner] = /^arn:[\w-]+:iam::(\d{12}):(?:role|user)\/.+$/.exec(credentials) ?? [];
  if (owner === undefined) throw badRequest('Invalid ARN specified in the request');
  if (owner !== account) {
    throw new AwsError('AccessDeniedException', 'Cross-account pass role is not allowed.', { status: 403 });
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MAX_TEMPLATE = 300 * 1024;

export function checkTemplates(templates: Readonly<Record<string, string>> | undefined): void {
  for (const template of Object.values(templates ?? {})) {
    if (Buffer.byteLength(template ?? '') > MAX_TEMPLATE)
      throw badRequest('Invalid mapping template specified: it is larger than 300 KB');
  }
}

export function checkContentHandling(value: string | undefined): void {
  if (value && value !== 'CONVERT_TO_BINARY' && value !== 'CONVERT_TO_TEXT') {
    throw badRequest(
      'Invalid content handling specified. Must be one of: [CONVERT_TO_BINARY, CONVERT_TO_TEXT]',
    );
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_TlsConfig.html */
function checkTls({ type, tlsConfig }: PutIntegration): void {
  if (tlsConfig?.insecureSkipVerification && type !== 'HTTP' && type !== 'HTTP_PROXY')
    throw badRequest('TLS configuration is only supported for HTTP and HTTP_PROXY integrations');
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode.html */
function checkTransferMode({ type, responseTransferMode }: PutIntegration): void {
  if (responseTransferMode === 'STREAM' && type !== 'AWS_PROXY' && type !== 'HTTP_PROXY')
    throw badRequest(
      'Response transfer mode STREAM is only supported for AWS_PROXY and HTTP_PROXY integrations',
    );
}

function checkTimeout({ timeoutInMillis: millis, responseTransferMode }: PutIntegration): void {
  const most = responseTransferMode === 'STREAM' ? 900_000 : 29_000;
  if (millis !== undefined && (millis < 50 || millis > most)) {
    throw badRequest(`Timeout should be between 50 ms and ${most} ms`);
  }
}

function checkRequestMapping(target: string, source: string, method: Method): void {
  if (!/^integration\.request\.(path|querystring|header)\.\S+$/.test(target)) throw invalidMapping(target);
  if (/^'.*'$/s.test(source) || /^(context|stageVariables)\.\S+$/.test(source)) return;
  if (/^method\.request\.body(\.\S+)?$/.test(source)) return;
  const declared = source.replace(/^method\.request\.multivalue(header|querystring)\./, 'method.request.$1.');
  if (!/^method\.request\.(path|querystring|header)\.\S+$/.test(declared)) throw invalidMapping(source);
  if (method.requestParameters?.[declared] === undefined) throw undeclaredParameter(source);
}

function checkImplemented(input: PutIntegration): void {
  const refuse = (what: string) => notImplemented(`API Gateway PutIntegration ${what}`);
  if (input.connectionType === 'VPC_LINK' || input.connectionId) throw refuse('connectionType VPC_LINK');
  // What it does to a proxy's event is documented nowhere.
  if (input.contentHandling && input.type === 'AWS_PROXY') throw refuse('contentHandling of AWS_PROXY');
  if (input.integrationTarget) throw refuse('integrationTarget');
}
