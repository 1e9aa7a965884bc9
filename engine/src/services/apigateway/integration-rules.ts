import type { Method } from '@aws-sdk/client-api-gateway';
import { type Input, notImplemented } from '../../kernel';
import { badRequest } from './errors';
import { invalidMapping, undeclaredParameter } from './method-rules';

type PutIntegration = Input<'apigateway', 'PutIntegration'>;

/** What AWS refuses of an integration, then what is not built yet. */
export function checkIntegration(input: PutIntegration, method: Method): void {
  if (input.type !== 'MOCK' && !input.integrationHttpMethod) {
    throw badRequest('Enumeration value for HttpMethod must be non-empty');
  }
  checkUri(input.type ?? '', input.uri ?? '');
  checkTimeout(input.timeoutInMillis);
  for (const [target, source] of Object.entries(input.requestParameters ?? {})) {
    checkRequestMapping(target, source, method);
  }
  checkImplemented(input);
}

function checkUri(type: string, uri: string): void {
  if (type === 'HTTP' || type === 'HTTP_PROXY') {
    if (!/^https?:\/\/[^/\s]+/.test(uri)) throw badRequest('Invalid HTTP endpoint specified for URI');
  } else if (type !== 'MOCK') {
    checkAwsUri(type, uri);
  }
}

function checkAwsUri(type: string, uri: string): void {
  if (!/^arn:[\w-]+:/.test(uri)) throw badRequest('Invalid ARN specified in the request');
  const match = /^arn:[\w-]+:apigateway:[\w${}.-]+:([\w.-]+):(path|action)\/(.*)$/s.exec(uri);
  if (!match) throw badRequest('AWS ARN for integration must contain path or action');
  if (type !== 'AWS_PROXY') return;
  const [, service, , path = ''] = match;
  const isLambda = service === 'lambda' && /^2015-03-31\/functions\/.+\/invocations$/.test(path);
  const isFirehose = service === 'firehose' && /^PutRecord(Batch)?$/.test(path);
  if (!isLambda && !isFirehose) {
    throw badRequest(
      "Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.",
    );
  }
  if (isFirehose) throw notImplemented('API Gateway Firehose integrations');
}

function checkTimeout(millis: number | undefined): void {
  if (millis !== undefined && (millis < 50 || millis > 29_000)) {
    throw badRequest('Timeout should be between 50 ms and 29000 ms');
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
  if (input.type === 'AWS' || input.type === 'HTTP') throw refuse(`type ${input.type}`);
  if (input.connectionType === 'VPC_LINK' || input.connectionId) throw refuse('connectionType VPC_LINK');
  if (input.credentials) throw refuse('credentials');
  if (input.cacheKeyParameters?.length) throw refuse('cacheKeyParameters');
  if (input.cacheNamespace) throw refuse('cacheNamespace');
  if (input.tlsConfig?.insecureSkipVerification) throw refuse('tlsConfig.insecureSkipVerification');
  if (input.responseTransferMode === 'STREAM') throw refuse('responseTransferMode STREAM');
  if (input.integrationTarget) throw refuse('integrationTarget');
  // Proxy integrations send the body as it is: AWS takes these settings for them too, and does not look at them.
  if (input.contentHandling) throw refuse('contentHandling');
}
